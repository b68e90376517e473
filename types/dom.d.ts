// What the scripts take from the browser more lightly than TypeScript's own declarations: a script knows the markup that
// the server wrote for it, so what it looks for is there, and is the element it takes it for. Where something may be
// missing the script asks; the tests in the browser hold the rest.

interface ParentNode {
  querySelector(selectors: string): any;
  querySelectorAll(selectors: string): NodeListOf<any>;
}
interface Element {
  closest(selectors: string): any;
}
interface Document {
  getElementById(id: string): any;
  addEventListener(name: string, listener: (event: any) => void, options?: boolean | AddEventListenerOptions): void;
}
interface HTMLElement {
  addEventListener(name: string, listener: (event: any) => void, options?: boolean | AddEventListenerOptions): void;
}
interface Navigator {
  /** Chromium's alone. */
  keyboard?: { lock?(keys: string[]): Promise<void> };
}
interface CSSStyleDeclaration {
  setProperty(property: string, value: string | number): void;
}
