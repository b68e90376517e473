/* What in view is too small or too faint to be read: {small: texts under `least` px, faint: texts under
   7:1 and marks that stand for a colour (●) under 3:1}. */
(least) => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const linear = (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => 0.2126 * linear(r / 255) + 0.7152 * linear(g / 255) + 0.0722 * linear(b / 255);
  const ground = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const colour = rgba(getComputedStyle(e).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return [255, 255, 255, 255];
  };
  const small = [], faint = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim(), element = walker.currentNode.parentElement;
    if (!text || element.closest('script, style, .unseen, option') || !element.checkVisibility()) continue;
    const box = element.getBoundingClientRect(), style = getComputedStyle(element);
    if (!box.width || !box.height || style.visibility === 'hidden') continue;
    if (box.right < 0 || box.bottom < 0 || box.left > innerWidth || box.top > innerHeight) continue;
    const said = `${text} (${element.id || element.getAttribute('class') || element.tagName})`;
    const size = parseFloat(style.fontSize);
    if (size < least) small.push(`${size} px: ${said}`);
    const inside = element.closest('svg'), colour = inside ? style.fill : style.color;
    if (element.matches(':disabled') || colour === 'none') continue;
    const [a, b] = [light(rgba(colour)), light(ground(inside || element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < (/^[●▲▼◆\s]+$/.test(text) ? 3 : 7)) faint.push(`${ratio.toFixed(1)}: ${said}`);
  }
  return { small, faint };
}
