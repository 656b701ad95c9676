/** Shows a list of the console: filters, paging, drawers to add and edit, menus of the list and of each row, bulk actions, undo. */
import { Button, Menu, type MenuItem, SkeletonRows } from "@lectern/ui";
import { ADD_ICON } from "@lectern/ui/icons";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { applicable, type BulkAction, BulkActions, isFinal, useBulkRun } from "./bulk-actions.tsx";
import { CopyChangeAsCurl, useCurlItems } from "./copy-as-curl.tsx";
import { AddDrawer, type Adding, EditDrawer, type Editing } from "./list-drawers.tsx";
import { ListEmpty } from "./list-empty.tsx";
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
  readonly query?: Readonly<Record<string, string | boolean | undefined>>;
  readonly columns: readonly Column<Item>[];
  readonly keyOf: (item: Item) => string;
  /** Names an item in messages and for screen readers. */
  readonly nameOf: (item: Item) => string;
  readonly add?: Adding;
  /** The drawer in which items are added, where it is no form of fields. */
  readonly adding?: (onClose: () => void) => ReactNode;
  /** Default: "Add". */
  readonly addLabel?: string;
  readonly edit?: Editing<Item>;
  /** The drawer in which an item is edited, where it is no form of fields. */
  readonly editing?: ((item: Item, onClose: () => void) => ReactNode) | undefined;
  readonly actions?: readonly BulkAction<Item>[];
  /** What a row's menu has besides the actions on selected items. */
  readonly rowActions?: (item: Item) => readonly MenuItem[];
  /** What can be done with the list as a whole, such as its import and export. */
  readonly menu?: readonly MenuItem[];
  /** Beside the button that adds an item. */
  readonly headActions?: ReactNode;
  readonly filters?: ReactNode;
  /** Between the filters and the table. */
  readonly overview?: ReactNode;
  /** What is said where there are no items. Default: "Nothing here yet." */
  readonly emptyText?: string;
  /** Where filters leave nothing. */
  readonly noMatchText?: string;
  readonly refetchMs?: number;
};

export function ListPage<Item>(props: ListPageProps<Item>) {
  const { t } = useTranslation();
  const { add, adding, edit, editing, keyOf, actions = [], queryKey } = props;
  const [open, setOpen] = useState<Item | "new" | null>(null);
  const [message, setMessage] = useState("");
  const [selection, setSelection] = useState<Selection>(new Set());
  const { list, items } = useItems(props);
  const bulk = useBulkRun<Item>(queryKey, (kept) => {
    setMessage(kept);
    setSelection(new Set());
  });
  const menuOf = (item: Item): readonly MenuItem[] => [
    ...(props.rowActions?.(item) ?? []),
    ...actions
      .filter((action) => applicable(action, [item]).length > 0)
      .map((action) => ({
        label: action.label,
        isDanger: isFinal(action),
        run: () => {
          setSelection(new Set([keyOf(item)]));
          bulk.begin(action, [item]);
        },
      })),
  ];
  const isEmpty = list.isSuccess && items.length === 0;
  return (
    <div className="list-page">
      <ListHead list={props} onAdd={add || adding ? () => setOpen("new") : null} />
      {props.hint ? <p className="text-muted list-hint">{props.hint}</p> : null}
      {props.filters ? <div className="filters">{props.filters}</div> : null}
      {props.overview}
      {message ? <MessageLine message={message} /> : null}
      {list.error ? (
        <p className="error-box" role="alert">
          {t("failed", { message: errorMessage(list.error, t("offline")) })}
        </p>
      ) : null}
      {add && open === "new" ? (
        <AddDrawer
          title={props.addLabel ?? `${t("add")}: ${props.title}`}
          add={add}
          queryKey={queryKey}
          onMessage={setMessage}
          onClose={() => setOpen(null)}
        />
      ) : null}
      {adding && open === "new" ? adding(() => setOpen(null)) : null}
      {open !== null && open !== "new" ? <ItemDrawer list={props} item={open} onClose={() => setOpen(null)} /> : null}
      {list.isPending ? (
        <SkeletonRows label={t("loading")} />
      ) : isEmpty ? (
        <ListEmpty list={props} />
      ) : (
        <ListTable
          {...props}
          items={items}
          selection={actions.length > 0 ? selection : null}
          onSelect={(selected) => {
            bulk.cancel();
            setSelection(selected);
          }}
          onEdit={edit || editing ? setOpen : null}
          menuOf={menuOf}
        />
      )}
      {list.hasNextPage ? <Button onClick={() => void list.fetchNextPage()}>{t("loadMore")}</Button> : null}
      {actions.length > 0 ? (
        <BulkActions actions={actions} selected={items.filter((item) => selection.has(keyOf(item)))} bulk={bulk} />
      ) : null}
    </div>
  );
}

type ItemDrawerProps<Item> = { readonly list: ListPageProps<Item>; readonly item: Item; readonly onClose: () => void };

function ItemDrawer<Item>({ list: { edit, editing, keyOf, nameOf, queryKey }, item, onClose }: ItemDrawerProps<Item>) {
  if (editing) return editing(item, onClose);
  if (!edit) return null;
  return <EditDrawer key={keyOf(item)} item={item} name={nameOf(item)} edit={edit} queryKey={queryKey} onClose={onClose} />;
}

type ListHeadProps = {
  readonly list: Pick<ListPageProps<never>, "title" | "path" | "query" | "addLabel" | "menu" | "headActions">;
  /** Null where nothing can be added. */
  readonly onAdd: (() => void) | null;
};

function ListHead({ list, onAdd }: ListHeadProps) {
  const { t } = useTranslation();
  const { title, path, query = {}, addLabel, menu = [], headActions } = list;
  const items = [...menu, ...useCurlItems({ path, query })];
  return (
    <div className="page-head list-head">
      <h1>{title}</h1>
      <div className="row">
        {headActions}
        {onAdd ? (
          <Button kind="primary" icon={ADD_ICON} onClick={onAdd}>
            {addLabel ?? t("add")}
          </Button>
        ) : null}
        {items.length > 0 ? <Menu label={t("moreOf", { name: title })} items={items} /> : null}
      </div>
    </div>
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
    // While the person types into the search, what was found before stays.
    placeholderData: keepPreviousData,
  });
  return { list, items: arrange(list.data?.pages.flatMap((page) => page.items) ?? []) };
}

function MessageLine({ message }: { readonly message: string }) {
  return (
    <div className="message-box" role="status">
      <span>{message}</span>
      <CopyChangeAsCurl />
    </div>
  );
}
