/** Provides cells of a heat strip: the minutes of a recording, or means of several where there are too many to be seen. */

export type HeatCell = {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  /** How often it was played. */
  readonly plays: number;
  /** 0 to 1, of the most played. */
  readonly heat: number;
};

const MAX_CELLS = 120;

/** @param minutes how often each minute was played @param seconds of the recording */
export function heatCells(minutes: readonly number[], seconds: number): readonly HeatCell[] {
  const width = Math.max(1, Math.ceil(minutes.length / MAX_CELLS));
  const cells = Array.from({ length: Math.ceil(minutes.length / width) }, (_, i) => {
    const part = minutes.slice(i * width, (i + 1) * width);
    const plays = part.reduce((sum, one) => sum + one, 0) / part.length;
    return { fromSeconds: i * width * 60, toSeconds: Math.min(seconds, (i + 1) * width * 60), plays };
  });
  const most = Math.max(0, ...cells.map(({ plays }) => plays));
  return cells.map((cell) => ({ ...cell, heat: most === 0 ? 0 : cell.plays / most }));
}

/** The cell that was played most; null: nothing was. */
export function hottest(cells: readonly HeatCell[]): HeatCell | null {
  const found = cells.find(({ heat }) => heat === 1);
  return found ?? null;
}
