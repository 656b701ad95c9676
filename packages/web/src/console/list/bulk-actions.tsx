/** Shows the actions on the selected items of a list: undo where an action can be undone, a confirmation where it cannot. */
import { Button } from "@lectern/ui";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { runBatch } from "./run-batch.ts";
import { useChangeToast } from "./use-change-toast.ts";

type Labelled<Item> = {
  readonly label: string;
  /** Default: all items. */
  readonly appliesTo?: (item: Item) => boolean;
};

/** Changes each item. */
type ChangingAction<Item> = Labelled<Item> & {
  readonly run: (item: Item) => Promise<unknown>;
  readonly doneMessage: (count: number) => string;
  /** An action without it asks for confirmation first. */
  readonly undo?: (item: Item) => Promise<unknown>;
  /** The message has what is shown only once: it stays on the page. */
  readonly keepsMessage?: boolean;
};

/** Asks for more first, in a drawer of the page. */
type OpeningAction<Item> = Labelled<Item> & { readonly open: (items: readonly Item[]) => void };

export type BulkAction<Item> = ChangingAction<Item> | OpeningAction<Item>;

/** Whether an action changes the items at once, for good. */
export function isFinal<Item>(action: BulkAction<Item>): boolean {
  return "run" in action && !action.undo;
}

export function applicable<Item>({ appliesTo }: Labelled<Item>, items: readonly Item[]): Item[] {
  return items.filter((item) => appliesTo?.(item) ?? true);
}

type BulkActionsProps<Item> = {
  readonly actions: readonly BulkAction<Item>[];
  readonly selected: readonly Item[];
  readonly bulk: BulkRun<Item>;
};

export type BulkRun<Item> = {
  /** Of the running action, from 0 to 1; null: none runs. */
  readonly progress: number | null;
  readonly error: string;
  /** The action that waits for a confirmation. */
  readonly toConfirm: ChangingAction<Item> | null;
  /** Runs an action on the items that it applies to, after a confirmation where it cannot be undone. */
  readonly begin: (action: BulkAction<Item>, items: readonly Item[]) => void;
  readonly confirm: (items: readonly Item[]) => void;
  readonly cancel: () => void;
};

/**
 * @param queryKey of the list that is loaded again afterwards
 * @param onDone the selection has been acted on; with the message that stays on the page, empty for none
 */
export function useBulkRun<Item>(queryKey: readonly unknown[], onDone: (message: string) => void): BulkRun<Item> {
  const { t } = useTranslation();
  const client = useQueryClient();
  const tell = useChangeToast();
  const [progress, setProgress] = useState<number | null>(null);
  const [error, setError] = useState("");
  const [toConfirm, setToConfirm] = useState<ChangingAction<Item> | null>(null);
  const batch = async (items: readonly Item[], call: (item: Item) => Promise<unknown>) => {
    setProgress(0);
    const { succeeded, error: failure } = await runBatch(items, call, setProgress);
    setProgress(null);
    setError(failure === null ? "" : errorMessage(failure, t("offline")));
    await client.invalidateQueries({ queryKey: queryKey.slice(0, 1) });
    return succeeded;
  };
  const undo = async (items: readonly Item[], call: (item: Item) => Promise<unknown>): Promise<void> => {
    const undone = await batch(items, call);
    if (undone.length === items.length) tell(t("undone"));
  };
  const run = async (action: ChangingAction<Item>, items: readonly Item[]): Promise<void> => {
    setToConfirm(null);
    const succeeded = await batch(applicable(action, items), action.run);
    const { undo: undoCall } = action;
    const message = succeeded.length > 0 ? action.doneMessage(succeeded.length) : "";
    if (message && !action.keepsMessage) tell(message, undoCall ? () => undo(succeeded, undoCall) : null);
    onDone(action.keepsMessage ? message : "");
  };
  return {
    progress,
    error,
    toConfirm,
    begin: (action, items) => {
      if ("open" in action) action.open(applicable(action, items));
      else if (action.undo) void run(action, items);
      else setToConfirm(action);
    },
    confirm: (items) => toConfirm && void run(toConfirm, items),
    cancel: () => setToConfirm(null),
  };
}

export function BulkActions<Item>({ actions, selected, bulk }: BulkActionsProps<Item>) {
  const { t } = useTranslation();
  const { progress, error, toConfirm } = bulk;
  return (
    <div className="bulk-actions" aria-live="polite">
      {progress === null ? null : <progress value={progress} aria-label={t("inProgress")} />}
      {error ? (
        <p className="error-box" role="alert">
          {t("failed", { message: error })}
        </p>
      ) : null}
      {selected.length > 0 && progress === null ? (
        <div className="bulk-bar">
          <strong>{t("selected", { count: selected.length })}</strong>
          {toConfirm ? (
            <>
              <span>{t("confirmHint", { action: toConfirm.label })}</span>
              <Button kind="danger" onClick={() => bulk.confirm(selected)}>
                {t("confirm")}
              </Button>
              <Button onClick={bulk.cancel}>{t("cancel")}</Button>
            </>
          ) : (
            actions.map((action) => (
              <Button
                key={action.label}
                disabled={applicable(action, selected).length === 0}
                onClick={() => bulk.begin(action, selected)}
              >
                {action.label}
              </Button>
            ))
          )}
        </div>
      ) : null}
    </div>
  );
}
