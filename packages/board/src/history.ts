/** Provides undo and redo of one person. What others did in between stays. */
import type { Page } from "./page.ts";
import { type ItemId, LIMITS, type Operation, type PageId } from "./shapes.ts";

/** Operations of a person that are taken back together. */
export type Step = { readonly page: PageId; readonly operations: readonly Operation[] };

/** What undo reads of a page: a person who draws sees it ahead of the log. */
export type PageItems = Pick<Page, "item" | "items">;

const MAX_STEPS = 200;

export class History {
  private undoable: Step[] = [];
  private redoable: Step[] = [];

  get canUndo(): boolean {
    return this.undoable.length > 0;
  }

  get canRedo(): boolean {
    return this.redoable.length > 0;
  }

  /** The person did something, which `inverse` takes back. */
  done(inverse: Step): void {
    if (inverse.operations.length === 0) return;
    this.undoable = [...this.undoable, inverse].slice(-MAX_STEPS);
    this.redoable = [];
  }

  /** Takes the last step back. @returns what is to be sent and applied; null: there is nothing to take back */
  undo(pageOf: (id: PageId) => PageItems | null): Step | null {
    return this.take(this.undoable, this.redoable, pageOf);
  }

  redo(pageOf: (id: PageId) => PageItems | null): Step | null {
    return this.take(this.redoable, this.undoable, pageOf);
  }

  /** Steps on pages that are not there any more are left out, as are those that would change nothing. */
  private take(from: Step[], to: Step[], pageOf: (id: PageId) => PageItems | null): Step | null {
    for (let step = from.pop(); step; step = from.pop()) {
      const page = pageOf(step.page);
      const inverse = page ? inverseOf(page, step.operations) : [];
      if (inverse.length === 0) continue;
      to.push({ page: step.page, operations: inverse });
      return step;
    }
    return null;
  }
}

/** What takes operations back that concern different items. @param page as it is before them */
export function inverseOf(page: PageItems, operations: readonly Operation[]): readonly Operation[] {
  return operations.flatMap((operation) => inverseOfOne(page, operation)).reverse();
}

function inverseOfOne(page: PageItems, operation: Operation): readonly Operation[] {
  switch (operation[0]) {
    case "s":
    case "i":
      return page.item(operation[1]) ? [] : [["d", [operation[1]]]];
    case "p":
      return [];
    case "m": {
      const item = page.item(operation[1]);
      return item ? [["m", item.id, item.dx, item.dy, item.scale]] : [];
    }
    case "t":
      return inverseOfChange(page, operation[1]);
    case "d":
      return lists(
        "u",
        operation[1].filter((id) => page.item(id)?.deleted === false),
      );
    case "u":
      return lists(
        "d",
        operation[1].filter((id) => page.item(id)?.deleted === true),
      );
    case "x":
      return lists(
        "u",
        page.items().flatMap(({ id, deleted }) => (deleted ? [] : [id])),
      );
  }
}

function inverseOfChange(page: PageItems, id: ItemId): readonly Operation[] {
  const content = page.item(id)?.content;
  if (!content) return [];
  return [["t", id, content.type === "stroke" ? content.color : content]];
}

/** As many operations as the ids need. */
function lists(letter: "d" | "u", ids: readonly ItemId[]): readonly Operation[] {
  const operations: Operation[] = [];
  for (let i = 0; i < ids.length; i += LIMITS.idsOfOperation) operations.push([letter, ids.slice(i, i + LIMITS.idsOfOperation)]);
  return operations;
}
