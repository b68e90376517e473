// The one clock: how fast the playhead moves, where it stops, and when panels are to paint and to settle.
import assert from 'node:assert/strict';
import test from 'node:test';
import { range } from './lib/check.mjs';
import { film, open } from './lib/page.mjs';

/** A page with a whole film of n frames, its clock wired. */
function playing(name = 'lab', shown = 'default') {
  const page = open(name),
    { clock } = page.nnprobe,
    ticks = [],
    rests = [];
  page.ready(/clock/);
  clock.on('tick', (seq) => ticks.push(seq));
  clock.on('rest', (seq) => rests.push([seq, page.now]));
  page.show(film(shown).bytes);
  const pass = async (ms) => {
    const end = page.now + ms;
    await page.until(() => page.now >= end);
  };
  return { page, clock, ticks, rests, pass, last: film(shown).frames.length - 1 };
}

test('at 1× sixty frames pass in a second, at other speeds so many more or less', async () => {
  for (const [speed, wanted] of [
    [1, 60],
    [2, 120],
    [0.25, 15],
    [0.1, 6],
  ]) {
    const { clock, pass } = playing();
    clock.pause();
    clock.seek(0);
    clock.setSpeed(speed);
    clock.play();
    await pass(1000);
    assert.ok(Math.abs(clock.seq - wanted) <= 2 * speed + 1, `${clock.seq} at ${speed}`);
  }
});

test('a page of few frames plays them slower', async () => {
  const { clock, pass, page } = playing('attack', 'attack-spiral'),
    { rate } = page.nnprobe.pages.attack;
  clock.pause();
  clock.seek(0);
  clock.play();
  await pass(2000);
  assert.ok(rate < 30 && Math.abs(clock.seq - 2 * rate) <= 1, `${clock.seq}`);
});

test('every frame is told once, in order, and the last is where a film that has ended stops', async () => {
  const { clock, ticks, rests, pass, last } = playing('attack', 'attack-spiral');
  clock.pause();
  clock.seek(0);
  await pass(400);
  ticks.length = rests.length = 0;
  clock.play();
  await pass(11000);
  assert.deepEqual(
    ticks,
    range(last).map((k) => k + 1),
  );
  assert.deepEqual(
    [clock.playing, clock.live, Math.floor(clock.seq), rests.map(([seq]) => seq)],
    [false, false, last, [last]],
  );
  clock.play(); // from the end: from the beginning
  await pass(500);
  assert.ok(clock.playing && clock.seq < 10);
});

test('the playhead goes no further than the film, and whole steps by hand', async () => {
  const { clock, pass, ticks, last } = playing();
  clock.pause();
  clock.seek(10 ** 6);
  assert.equal(clock.seq, last);
  clock.seek(-5);
  assert.equal(clock.seq, 0);
  clock.seek(41.7);
  clock.stepBy(1);
  await pass(50);
  assert.deepEqual([clock.seq, ticks.at(-1)], [42, 42]);
  clock.stepBy(-2);
  assert.equal(clock.seq, 40);
  clock.toStart();
  assert.equal(clock.seq, 0);
  clock.toLive();
  assert.deepEqual([clock.seq, clock.live], [last, false]);
});

test('panels settle once the playhead has stood for a moment, not while a hand holds it', async () => {
  const { clock, pass, rests, page } = playing();
  clock.pause();
  clock.seek(30);
  const moved = page.now;
  await pass(1000);
  assert.equal(rests.at(-1)[0], 30);
  assert.ok(rests.at(-1)[1] - moved > 150 && rests.at(-1)[1] - moved < 400, 'after a moment');
  const before = rests.length;
  clock.hold(true);
  clock.seek(50);
  await pass(1000);
  assert.equal(rests.length, before);
  clock.hold(false);
  await pass(1000);
  assert.deepEqual(
    rests.slice(before).map(([seq]) => seq),
    [50],
  );
  clock.repaint();
  await pass(1000);
  assert.deepEqual(
    rests.slice(before).map(([seq]) => seq),
    [50, 50],
  );
});

test('a film plays at once, but for who has asked the system for little motion', async () => {
  for (const calm of [false, true]) {
    const page = open('lab', { calm }),
      { clock } = page.nnprobe;
    page.ready(/clock/);
    page.show(film('default').bytes, { file: 'a.film' });
    assert.equal(clock.playing, !calm);
    clock.play();
    assert.equal(clock.playing, true);
  }
});
