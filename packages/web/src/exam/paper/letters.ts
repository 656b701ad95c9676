/** Names options by letters: A is the first. */
export function letterOf(place: number): string {
  return String.fromCharCode("A".charCodeAt(0) + place);
}
