/** Lets one window of a browser sit an attempt (Web Locks API): two would give their entries the same numbers. */

/** @returns the function that gives it back; null: another window has it */
export async function takeSeatLock(attempt: string): Promise<(() => void) | null> {
  // Only over HTTPS, as is what decrypts the paper.
  if (!navigator.locks) return () => {};
  return await new Promise((resolve) => {
    void navigator.locks.request(nameOf(attempt), { ifAvailable: true }, (lock) => {
      if (lock === null) {
        resolve(null);
        return;
      }
      return new Promise<void>((giveBack) => resolve(giveBack));
    });
  });
}

/** Tells the other window that the candidate goes on in this one, and hears it. */
export function seatChannel(attempt: string, onTaken: () => void): { readonly take: () => void; readonly close: () => void } {
  const channel = new BroadcastChannel(nameOf(attempt));
  channel.onmessage = onTaken;
  return { take: () => channel.postMessage("taken"), close: () => channel.close() };
}

function nameOf(attempt: string): string {
  return `lectern-exam-${attempt}`;
}
