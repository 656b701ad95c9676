/** Provides the selection of rows in a list, by their keys. */

export type Selection = ReadonlySet<string>;

export function withSelected(selection: Selection, key: string, isSelected: boolean): Selection {
  const next = new Set(selection);
  if (isSelected) next.add(key);
  else next.delete(key);
  return next;
}

/** The state of the checkbox in the header, over the shown rows. */
export function headerState(shown: number, selected: number): { readonly checked: boolean; readonly indeterminate: boolean } {
  return { checked: shown > 0 && selected === shown, indeterminate: selected > 0 && selected < shown };
}
