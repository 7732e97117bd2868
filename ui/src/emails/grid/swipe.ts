/** What a finger that moved sideways asks for: left archives, right follows up. */
export type Swipe = "left" | "right" | null;

const threshold = 96;

/** Decides at the end of a movement; mostly downwards is scrolling. */
export function swipeOf(dx: number, dy: number): Swipe {
  if (Math.abs(dx) < threshold || Math.abs(dy) > Math.abs(dx) / 2) return null;
  return dx < 0 ? "left" : "right";
}

/** How far the row follows the finger: one to one up to the threshold, then reluctantly. */
export function pullOf(dx: number): number {
  const far = Math.abs(dx) - threshold;
  return far <= 0 ? dx : Math.sign(dx) * (threshold + far / 3);
}
