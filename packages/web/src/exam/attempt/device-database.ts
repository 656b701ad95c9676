/** Opens a database of the browser and writes to it (Indexed Database API 3.0). */

/** @param make its objects, in a browser that does not have it yet */
export function openDatabase(
  factory: IDBFactory,
  name: string,
  version: number,
  make: (database: IDBDatabase) => void,
): Promise<IDBDatabase> {
  const request = factory.open(name, version);
  request.onupgradeneeded = () => make(request.result);
  return resultOf(request);
}

export function resultOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** @returns whether it is kept */
export function write(database: IDBDatabase, store: string, act: (objects: IDBObjectStore) => void): Promise<boolean> {
  return new Promise<boolean>((resolve) => {
    // `strict`: on the disk, and not only in a queue for it.
    const transaction = database.transaction(store, "readwrite", { durability: "strict" });
    act(transaction.objectStore(store));
    transaction.oncomplete = () => resolve(true);
    transaction.onabort = () => resolve(false);
  }).catch(() => false);
}
