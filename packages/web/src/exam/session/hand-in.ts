/** Sends what is not stored yet, and hands in with the last of it. */
import type { Batch, ExamDoor } from "../attempt/exam-types.ts";
import type { Journal } from "./journal.ts";

export async function handInAll(
  journal: Journal,
  door: Pick<ExamDoor, "send" | "handIn">,
): Promise<{ readonly handedInAt: number }> {
  for (;;) {
    const batch: Batch = journal.nextBatch() ?? { answers: [], facts: [] };
    const last = Math.max(0, ...[...batch.answers, ...batch.facts].map(({ seq }) => seq));
    if (journal.isLast(last)) {
      const handed = await door.handIn(batch);
      journal.acknowledge(last);
      return handed;
    }
    journal.acknowledge((await door.send(batch)).stored);
  }
}
