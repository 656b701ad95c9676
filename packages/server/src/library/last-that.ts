/** The last of so many places for which something holds that holds for all before it; 0 when for none. */
export function lastThat(length: number, holds: (place: number) => boolean): number {
  let [low, high] = [0, length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
