/** Provides the range of an axis that grows to a round value when it must, and never shrinks: what is looked at stays where it is. */

const STEPS = [1, 2, 2.5, 5, 10];

/** The next round value at or above. */
export function roundUp(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = STEPS.find((candidate) => candidate * power >= value * (1 - 1e-9)) ?? 10;
  return step * power;
}

/** Gives a function from the highest value of now to [0, highest of the axis]. */
export function growingRange(): (highest: number | null) => [number, number] {
  let top = 0;
  return (highest) => {
    top = Math.max(top, roundUp(highest ?? 0));
    return [0, top];
  };
}
