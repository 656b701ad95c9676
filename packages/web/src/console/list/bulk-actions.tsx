/** The actions on the selected items of a list: undo where an action can be undone, a confirmation where it cannot. */
import { Alert, Button, Group, Progress } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { errorMessage } from "../../session/error-message.ts";
import { CopyChangeAsCurl } from "./copy-as-curl.tsx";
import { runBatch } from "./run-batch.ts";

export type BulkAction<Item> = {
  readonly label: string;
  readonly run: (item: Item) => Promise<unknown>;
  readonly doneMessage: (count: number) => string;
  /** An action without it asks for confirmation first. */
  readonly undo?: (item: Item) => Promise<unknown>;
  /** Default: all items. */
  readonly appliesTo?: (item: Item) => boolean;
};

type Result = {
  readonly message: string;
  readonly error: string;
  /** Null when nothing can be undone. */
  readonly undo: (() => Promise<void>) | null;
};

type BulkActionsProps<Item> = {
  readonly actions: readonly BulkAction<Item>[];
  readonly selected: readonly Item[];
  /** The list that is loaded again afterwards. */
  readonly queryKey: readonly unknown[];
  readonly onClearSelection: () => void;
};

export function BulkActions<Item>({ actions, selected, queryKey, onClearSelection }: BulkActionsProps<Item>) {
  const { progress, result, run } = useBulkRun<Item>(queryKey);
  const start = (action: BulkAction<Item>): void => {
    void run(action, applicable(action, selected)).then(onClearSelection);
  };
  return (
    <div className="bulk-actions" aria-live="polite">
      <BatchStatus progress={progress} result={result} isSelecting={selected.length > 0} />
      {selected.length > 0 && progress === null ? <ActionButtons actions={actions} selected={selected} onRun={start} /> : null}
    </div>
  );
}

function useBulkRun<Item>(queryKey: readonly unknown[]) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [progress, setProgress] = useState<number | null>(null);
  const [result, setResult] = useState<Result | null>(null);
  const batch = async (items: readonly Item[], call: (item: Item) => Promise<unknown>) => {
    setProgress(0);
    const { succeeded, error } = await runBatch(items, call, setProgress);
    setProgress(null);
    await client.invalidateQueries({ queryKey: queryKey.slice(0, 1) });
    return { succeeded, error: error === null ? "" : errorMessage(error, t("offline")) };
  };
  const undo = async (items: readonly Item[], call: (item: Item) => Promise<unknown>): Promise<void> => {
    const { error } = await batch(items, call);
    setResult({ message: error ? "" : t("undone"), error, undo: null });
  };
  const run = async (action: BulkAction<Item>, items: readonly Item[]): Promise<void> => {
    const { succeeded, error } = await batch(items, action.run);
    const { undo: undoCall } = action;
    setResult({
      message: succeeded.length > 0 ? action.doneMessage(succeeded.length) : "",
      error,
      undo: undoCall && succeeded.length > 0 ? () => undo(succeeded, undoCall) : null,
    });
  };
  return { progress, result, run };
}

type BatchStatusProps = {
  readonly progress: number | null;
  readonly result: Result | null;
  readonly isSelecting: boolean;
};

function BatchStatus({ progress, result, isSelecting }: BatchStatusProps) {
  const { t } = useTranslation();
  return (
    <>
      {progress === null ? null : <Progress value={100 * progress} aria-label={t("inProgress")} />}
      {result?.error ? (
        <Alert color="red" role="alert">
          {t("failed", { message: result.error })}
        </Alert>
      ) : null}
      {result?.message && !isSelecting ? (
        <Alert role="status">
          <Group>
            {result.message}
            {result.undo ? (
              <Button variant="default" onClick={() => void result.undo?.()}>
                {t("undo")}
              </Button>
            ) : null}
            <CopyChangeAsCurl />
          </Group>
        </Alert>
      ) : null}
    </>
  );
}

type ActionButtonsProps<Item> = {
  readonly actions: readonly BulkAction<Item>[];
  readonly selected: readonly Item[];
  readonly onRun: (action: BulkAction<Item>) => void;
};

function ActionButtons<Item>({ actions, selected, onRun }: ActionButtonsProps<Item>) {
  const { t } = useTranslation();
  const [toConfirm, setToConfirm] = useState<BulkAction<Item> | null>(null);
  return (
    <Group>
      <strong>{t("selected", { count: selected.length })}</strong>
      {toConfirm ? (
        <>
          <span>{t("confirmHint", { action: toConfirm.label })}</span>
          <Button color="red" onClick={() => onRun(toConfirm)}>
            {t("confirm")}
          </Button>
          <Button variant="default" onClick={() => setToConfirm(null)}>
            {t("cancel")}
          </Button>
        </>
      ) : (
        actions.map((action) => (
          <Button
            key={action.label}
            variant="default"
            disabled={applicable(action, selected).length === 0}
            onClick={() => (action.undo ? onRun(action) : setToConfirm(action))}
          >
            {action.label}
          </Button>
        ))
      )}
    </Group>
  );
}

function applicable<Item>({ appliesTo }: BulkAction<Item>, items: readonly Item[]): Item[] {
  return items.filter((item) => appliesTo?.(item) ?? true);
}
