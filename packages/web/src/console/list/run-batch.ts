/** Runs one call for each of several items, a few at a time. */

export type BatchResult<Item> = {
  readonly succeeded: readonly Item[];
  /** Of the first item that failed; null without a failure. */
  readonly error: unknown;
};

const CONCURRENCY = 4;

/** @param onProgress called with the finished share, 0 to 1 */
export async function runBatch<Item>(
  items: readonly Item[],
  call: (item: Item) => Promise<unknown>,
  onProgress: (share: number) => void,
): Promise<BatchResult<Item>> {
  const queue = [...items];
  const succeeded: Item[] = [];
  let finished = 0;
  let error: unknown = null;
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
      try {
        await call(item);
        succeeded.push(item);
      } catch (failure) {
        error ??= failure;
      }
      onProgress(++finished / items.length);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  return { succeeded, error };
}
