/** Shows the drawers in which an item of a list is added or edited. */
import { Drawer, showToast } from "@lectern/ui";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useRef } from "react";
import { errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { type Field, FieldsForm, initialValues, type Values } from "./fields-form.tsx";
import { useChangeToast } from "./use-change-toast.ts";

/** How items are added. */
export type Adding = {
  readonly fields: readonly Field[];
  /** Gives the message to show afterwards, if any. It stays until the next change: it may have what is shown only once. */
  readonly save: (values: Values) => Promise<string | undefined>;
  /** Default: "Create". */
  readonly submitLabel?: string;
  /** Says what the form means. */
  readonly preview?: (values: Values) => ReactNode;
};

/** How an item is edited. */
export type Editing<Item> = {
  readonly fields: (item: Item) => readonly Field[];
  /** Gives the item as it is afterwards, or the fields that have changed. */
  readonly save: (item: Item, values: Values) => Promise<unknown>;
  /** Default: an edit can be undone. */
  readonly canUndo?: (before: Item, after: Item) => boolean;
  readonly preview?: (item: Item, values: Values) => ReactNode;
};

type AddDrawerProps = {
  readonly title: string;
  readonly add: Adding;
  readonly queryKey: readonly unknown[];
  /** What stays on the page; empty: nothing. */
  readonly onMessage: (message: string) => void;
  readonly onClose: () => void;
};

export function AddDrawer({ title, add, queryKey, onMessage, onClose }: AddDrawerProps) {
  const { t } = useTranslation();
  const tell = useChangeToast();
  const done = (message: string): void => {
    onMessage(message);
    if (!message) tell(t("added"));
    onClose();
  };
  return (
    <Drawer title={title} closeLabel={t("close")} onClose={onClose}>
      <FieldsForm
        fields={add.fields}
        onSubmit={add.save}
        submitLabel={add.submitLabel ?? t("create")}
        preview={add.preview}
        queryKey={queryKey}
        onDone={done}
        onCancel={onClose}
      />
    </Drawer>
  );
}

type EditDrawerProps<Item> = {
  readonly item: Item;
  /** Names the item in messages. */
  readonly name: string;
  readonly edit: Editing<Item>;
  readonly queryKey: readonly unknown[];
  readonly onClose: () => void;
  /** Above the form. */
  readonly links?: ReactNode;
};

export function EditDrawer<Item>({ item, name, edit, queryKey, onClose, links }: EditDrawerProps<Item>) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const tell = useChangeToast();
  // Undo has to name the version that the server gave after the edit.
  const saved = useRef<Item>(item);
  const save = async (values: Values): Promise<string> => {
    const after = await edit.save(item, values);
    saved.current = { ...item, ...(after as Partial<Item> | undefined) };
    return t("saved", { name });
  };
  const undo = async (): Promise<void> => {
    try {
      await edit.save(saved.current, initialValues(edit.fields(item)));
      tell(t("undone"));
    } catch (failure) {
      showToast(t("failed", { message: errorMessage(failure, t("offline")) }));
    }
    await client.invalidateQueries({ queryKey: queryKey.slice(0, 1) });
  };
  const done = (message: string): void => {
    const canUndo = edit.canUndo?.(item, saved.current) ?? true;
    tell(message, canUndo ? undo : null);
    onClose();
  };
  return (
    <Drawer title={t("editOne", { name })} closeLabel={t("close")} onClose={onClose}>
      {links ? <div className="drawer-links">{links}</div> : null}
      <FieldsForm
        fields={edit.fields(item)}
        onSubmit={save}
        submitLabel={t("save")}
        preview={(values) => edit.preview?.(item, values)}
        queryKey={queryKey}
        onDone={done}
        onCancel={onClose}
      />
    </Drawer>
  );
}
