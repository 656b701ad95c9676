/** A list of the console: filters, paging, forms to add and edit, bulk actions, undo, "Copy as curl". */
import { Alert, Button, Group, Stack, Title } from "@mantine/core";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { errorMessage } from "../../session/error-message.ts";
import { type BulkAction, BulkActions } from "./bulk-actions.tsx";
import { CopyChangeAsCurl, CopyListAsCurl } from "./copy-as-curl.tsx";
import { type Field, FieldsForm, initialValues, type Values } from "./fields-form.tsx";
import { type Column, ListTable } from "./list-table.tsx";
import type { Selection } from "./selection.ts";

type ListResponse<Item> = { readonly items: readonly Item[]; readonly nextCursor: string | null };

export type ListPageProps<Item> = {
  readonly title: string;
  /** What the page is for, in a sentence. */
  readonly hint?: ReactNode;
  /** Names the query, with everything that its result depends on. */
  readonly queryKey: readonly unknown[];
  readonly load: (cursor: string | undefined) => Promise<ListResponse<Item>>;
  /** Makes the shown items of the loaded ones. Default: as they are. */
  readonly arrange?: (items: readonly Item[]) => readonly Item[];
  /** After /api/v1, for "Copy as curl". */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly columns: readonly Column<Item>[];
  readonly keyOf: (item: Item) => string;
  /** Names an item in messages and for screen readers. */
  readonly nameOf: (item: Item) => string;
  /** `save` gives the message to show afterwards, if any. */
  readonly add?: {
    readonly fields: readonly Field[];
    readonly save: (values: Values) => Promise<string | undefined>;
    /** Default: "Create". */
    readonly submitLabel?: string;
    /** Says what the form means. */
    readonly preview?: (values: Values) => ReactNode;
  };
  readonly edit?: {
    readonly fields: (item: Item) => readonly Field[];
    /** Gives the item as it is afterwards, or the fields that have changed. */
    readonly save: (item: Item, values: Values) => Promise<unknown>;
    /** Default: an edit can be undone. */
    readonly canUndo?: (before: Item, after: Item) => boolean;
    readonly preview?: (item: Item, values: Values) => ReactNode;
  };
  readonly actions?: readonly BulkAction<Item>[];
  readonly filters?: ReactNode;
  /** Between the filters and the table. */
  readonly overview?: ReactNode;
  /** What is said where there are no items. Default: "Nothing here yet." */
  readonly emptyText?: string;
  readonly refetchMs?: number;
};

type Notice = { readonly message: string; readonly isChange: boolean; readonly undo?: () => Promise<void> };

export function ListPage<Item>(props: ListPageProps<Item>) {
  const { t } = useTranslation();
  const { add, edit, keyOf, actions = [], queryKey } = props;
  const [open, setOpen] = useState<Item | "new" | null>(null);
  const [notice, setNotice] = useState<Notice | null>(null);
  const [selection, setSelection] = useState<Selection>(new Set());
  const { list, items } = useItems(props);
  const close = (after: Notice | null): void => {
    setNotice(after);
    setOpen(null);
  };
  const startEdit = (item: Item): void => {
    setOpen(item);
    scrollTo({ top: 0 });
  };
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1}>{props.title}</Title>
        <Group>
          <CopyListAsCurl path={props.path} query={props.query ?? {}} />
          {add ? <Button onClick={() => setOpen(open === "new" ? null : "new")}>{t("add")}</Button> : null}
        </Group>
      </Group>
      {props.hint ? <p className="text-muted list-hint">{props.hint}</p> : null}
      {props.filters ? <div className="filters">{props.filters}</div> : null}
      {props.overview}
      {notice ? <NoticeLine notice={notice} /> : null}
      {list.error ? (
        <Alert color="red" role="alert">
          {t("failed", { message: errorMessage(list.error, t("offline")) })}
        </Alert>
      ) : null}
      {add && open === "new" ? <AddForm add={add} queryKey={queryKey} onClose={close} /> : null}
      {edit && open !== null && open !== "new" ? (
        <EditForm key={keyOf(open)} item={open} edit={edit} list={props} onClose={close} onNotice={setNotice} />
      ) : null}
      {actions.length > 0 ? (
        <BulkActions
          actions={actions}
          selected={items.filter((item) => selection.has(keyOf(item)))}
          queryKey={queryKey}
          onClearSelection={() => setSelection(new Set())}
        />
      ) : null}
      <ListTable
        {...props}
        items={items}
        selection={actions.length > 0 ? selection : null}
        onSelect={(selected) => {
          setNotice(null);
          setSelection(selected);
        }}
        onEdit={edit ? startEdit : null}
      />
      {list.isSuccess && items.length === 0 ? <p className="text-muted">{props.emptyText ?? t("empty")}</p> : null}
      {list.hasNextPage ? (
        <Button variant="default" onClick={() => void list.fetchNextPage()}>
          {t("loadMore")}
        </Button>
      ) : null}
    </Stack>
  );
}

/** The items of all pages that are loaded. */
function useItems<Item>({ queryKey, load, arrange = (all) => all, refetchMs }: ListPageProps<Item>) {
  const list = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => load(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    ...(refetchMs ? { refetchInterval: refetchMs } : {}),
  });
  return { list, items: arrange(list.data?.pages.flatMap((page) => page.items) ?? []) };
}

function NoticeLine({ notice: { message, isChange, undo } }: { notice: Notice }) {
  const { t } = useTranslation();
  return (
    <Alert role="status">
      <Group>
        {message}
        {undo ? (
          <Button variant="default" onClick={() => void undo()}>
            {t("undo")}
          </Button>
        ) : null}
        {isChange ? <CopyChangeAsCurl /> : null}
      </Group>
    </Alert>
  );
}

type AddFormProps = {
  readonly add: NonNullable<ListPageProps<unknown>["add"]>;
  readonly queryKey: readonly unknown[];
  /** @param notice null when the form was cancelled */
  readonly onClose: (notice: Notice | null) => void;
};

function AddForm({ add, queryKey, onClose }: AddFormProps) {
  const { t } = useTranslation();
  return (
    <FieldsForm
      fields={add.fields}
      onSubmit={add.save}
      submitLabel={add.submitLabel ?? t("create")}
      preview={add.preview}
      queryKey={queryKey}
      onDone={(message) => onClose({ message: message || t("added"), isChange: true })}
      onCancel={() => onClose(null)}
    />
  );
}

type EditFormProps<Item> = {
  readonly item: Item;
  readonly edit: NonNullable<ListPageProps<Item>["edit"]>;
  readonly list: ListPageProps<Item>;
  readonly onClose: (notice: Notice | null) => void;
  readonly onNotice: (notice: Notice) => void;
};

function EditForm<Item>({ item, edit, list, onClose, onNotice }: EditFormProps<Item>) {
  const { t } = useTranslation();
  const client = useQueryClient();
  // Undo has to name the version that the server gave after the edit.
  const saved = useRef<Item>(item);
  const save = async (values: Values): Promise<string> => {
    const after = await edit.save(item, values);
    saved.current = { ...item, ...(after as Partial<Item> | undefined) };
    return t("saved", { name: list.nameOf(item) });
  };
  const undo = async (): Promise<void> => {
    try {
      await edit.save(saved.current, initialValues(edit.fields(item)));
      onNotice({ message: t("undone"), isChange: true });
    } catch (failure) {
      onNotice({ message: t("failed", { message: errorMessage(failure, t("offline")) }), isChange: false });
    }
    await client.invalidateQueries({ queryKey: list.queryKey.slice(0, 1) });
  };
  return (
    <FieldsForm
      fields={edit.fields(item)}
      onSubmit={save}
      submitLabel={t("save")}
      preview={(values) => edit.preview?.(item, values)}
      queryKey={list.queryKey}
      onDone={(message) => {
        const canUndo = edit.canUndo?.(item, saved.current) ?? true;
        onClose({ message, isChange: true, ...(canUndo ? { undo } : {}) });
      }}
      onCancel={() => onClose(null)}
    />
  );
}
