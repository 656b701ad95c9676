/** What is done to all that were chosen in a list at once; and taken back where it can be. */
import { Alert, Button, Group, Progress } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { errorMessage } from "../../session/error-message.ts";
import { ChangeCurl } from "./copy-as-curl.tsx";

export type BulkAction<Item> = {
  readonly label: string;
  readonly run: (item: Item) => Promise<unknown>;
  /** What is said of so many. */
  readonly doneMessage: (count: number) => string;
  /** Without it, one is asked first. */
  readonly undo?: (item: Item) => Promise<unknown>;
  /** For which it can be done; default: all. */
  readonly appliesTo?: (item: Item) => boolean;
};

/** Calls to the server at the same time. */
const AT_ONCE = 4;

type Done<Item> = {
  readonly words: string;
  readonly trouble: string;
  readonly action: BulkAction<Item>;
  readonly items: readonly Item[];
};

export function BulkActions<Item>({
  actions,
  chosen,
  of,
  onEmpty,
}: {
  actions: readonly BulkAction<Item>[];
  chosen: readonly Item[];
  /** The list that is different afterwards. */
  of: readonly unknown[];
  /** Nothing is chosen any more. */
  onEmpty: () => void;
}) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [sure, setSure] = useState<BulkAction<Item> | null>(null);
  const [share, setShare] = useState<number | null>(null);
  const [done, setDone] = useState<Done<Item> | null>(null);

  const each = async (items: readonly Item[], call: (item: Item) => Promise<unknown>) => {
    const waiting = [...items];
    const through: Item[] = [];
    let trouble = "";
    const lane = async (): Promise<void> => {
      for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
        await call(item).then(
          () => through.push(item as Item),
          (error: unknown) => {
            trouble ||= errorMessage(error, t("offline"));
          },
        );
        setShare(1 - waiting.length / items.length);
      }
    };
    setShare(0);
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
    setShare(null);
    await client.invalidateQueries({ queryKey: of.slice(0, 1) });
    return { through, trouble };
  };
  const run = async (action: BulkAction<Item>): Promise<void> => {
    setSure(null);
    const { through, trouble } = await each(fitting(action, chosen), action.run);
    setDone({ words: through.length > 0 ? action.doneMessage(through.length) : "", trouble, action, items: through });
    onEmpty();
  };
  const undo = async ({ action, items }: Done<Item>): Promise<void> => {
    if (!action.undo) return;
    const { trouble } = await each(items, action.undo);
    setDone({ words: trouble ? "" : t("undone"), trouble, action, items: [] });
  };

  return (
    <div className="bulk-actions" aria-live="polite">
      {share === null ? null : <Progress value={100 * share} aria-label={t("working")} />}
      {done?.trouble ? (
        <Alert color="red" role="alert">
          {t("refused", { words: done.trouble })}
        </Alert>
      ) : null}
      {done?.words && chosen.length === 0 ? (
        <Alert role="status">
          <Group>
            {done.words}
            {done.action.undo && done.items.length > 0 ? (
              <Button variant="default" onClick={() => void undo(done)}>
                {t("undo")}
              </Button>
            ) : null}
            <ChangeCurl />
          </Group>
        </Alert>
      ) : null}
      {chosen.length > 0 && share === null ? (
        <Group>
          <strong>{t("chosen", { count: chosen.length })}</strong>
          {sure ? (
            <>
              <span>{t("sure")}</span>
              <Button color="red" onClick={() => void run(sure)}>
                {t("sureYes", { action: sure.label })}
              </Button>
              <Button variant="default" onClick={() => setSure(null)}>
                {t("cancel")}
              </Button>
            </>
          ) : (
            actions.map((action) => (
              <Button
                key={action.label}
                variant="default"
                disabled={fitting(action, chosen).length === 0}
                onClick={() => (action.undo ? void run(action) : setSure(action))}
              >
                {action.label}
              </Button>
            ))
          )}
        </Group>
      ) : null}
    </div>
  );
}

function fitting<Item>({ appliesTo: fits }: BulkAction<Item>, items: readonly Item[]): Item[] {
  return items.filter((item) => fits?.(item) ?? true);
}
