/** A list of the console: filters, more by pages, adding and changing in place, what is done to several, and the same as a line for the shell. */
import { Alert, Button, Checkbox, Group, Stack, Table, Title } from "@mantine/core";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { errorMessage } from "../../session/error-message.ts";
import { type BulkAction, BulkActions } from "./bulk-actions.tsx";
import { ChangeCurl, ListCurl } from "./copy-as-curl.tsx";
import { type Field, FieldsForm, type Values } from "./fields-form.tsx";

type Page<Item> = { readonly items: readonly Item[]; readonly nextCursor: string | null };

export type ListPageProps<Item> = {
  readonly title: string;
  /** Names the list, with all that it depends on. */
  readonly queryKey: readonly unknown[];
  readonly load: (cursor: string | undefined) => Promise<Page<Item>>;
  /** Behind /api/v1, for the shell. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly columns: readonly { readonly label: string; readonly show: (item: Item) => ReactNode }[];
  readonly keyOf: (item: Item) => string;
  /** What one is called, for those who only hear the page. */
  readonly nameOf: (item: Item) => string;
  /** Adds one; what it gives is said above the list. */
  readonly add?: { readonly fields: readonly Field[]; readonly save: (values: Values) => Promise<string | undefined> };
  readonly edit?: {
    readonly fields: (item: Item) => readonly Field[];
    readonly save: (item: Item, values: Values) => Promise<unknown>;
  };
  readonly actions?: readonly BulkAction<Item>[];
  readonly filters?: ReactNode;
  readonly refetchMs?: number;
};

/** What was done last, and how it is taken back. */
type Said<Item> = { readonly words: string; readonly isChange: boolean; readonly undo?: { readonly before: Item } };

export function ListPage<Item>(props: ListPageProps<Item>) {
  const { t } = useTranslation();
  const { add, edit: change, keyOf, actions = [] } = props;
  const [open, setOpen] = useState<Item | "new" | null>(null);
  const [said, setSaid] = useState<Said<Item> | null>(null);
  /** What was changed last, as it is now. */
  const [changed, setChanged] = useState<Item | null>(null);
  const client = useQueryClient();
  const [chosenKeys, setChosenKeys] = useState<ReadonlySet<string>>(new Set());
  const list = useInfiniteQuery({
    queryKey: props.queryKey,
    queryFn: ({ pageParam }) => props.load(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    ...(props.refetchMs ? { refetchInterval: props.refetchMs } : {}),
  });
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const chosen = items.filter((item) => chosenKeys.has(keyOf(item)));
  const trouble = list.error ? errorMessage(list.error, t("offline")) : "";
  const chooseThese = (keys: ReadonlySet<string>) => {
    setSaid(null);
    setChosenKeys(keys);
  };
  const choose = (item: Item, isChosen: boolean) => {
    const next = new Set(chosenKeys);
    if (isChosen) next.add(keyOf(item));
    else next.delete(keyOf(item));
    chooseThese(next);
  };
  const close = (news: Said<Item> | null = null) => {
    setSaid(news);
    setOpen(null);
  };
  const undo = async (last: Said<Item>["undo"]): Promise<void> => {
    if (!last || !change || !changed) return;
    const values = Object.fromEntries(change.fields(last.before).map(({ name, value = "" }) => [name, value]));
    try {
      await change.save(changed, values);
      setSaid({ words: t("undone"), isChange: true });
    } catch (error) {
      setSaid({ words: t("refused", { words: errorMessage(error, t("offline")) }), isChange: false });
    }
    await client.invalidateQueries({ queryKey: props.queryKey.slice(0, 1) });
  };
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1}>{props.title}</Title>
        <Group>
          <ListCurl path={props.path} query={props.query ?? {}} />
          {add ? <Button onClick={() => setOpen(open === "new" ? null : "new")}>{t("add")}</Button> : null}
        </Group>
      </Group>
      {props.filters ? <div className="filters">{props.filters}</div> : null}
      {said ? (
        <Alert role="status">
          <Group>
            {said.words}
            {said.undo ? (
              <Button variant="default" onClick={() => void undo(said.undo)}>
                {t("undo")}
              </Button>
            ) : null}
            {said.isChange ? <ChangeCurl /> : null}
          </Group>
        </Alert>
      ) : null}
      {trouble ? (
        <Alert color="red" role="alert">
          {t("refused", { words: trouble })}
        </Alert>
      ) : null}
      {add && open === "new" ? (
        <FieldsForm
          fields={add.fields}
          submit={add.save}
          submitLabel={t("create")}
          of={props.queryKey}
          onDone={(words) => close({ words: words || t("added"), isChange: true })}
          onCancel={() => close()}
        />
      ) : null}
      {change && open !== null && open !== "new" ? (
        <FieldsForm
          key={keyOf(open)}
          fields={change.fields(open)}
          submit={async (values) => {
            const after = await change.save(open, values);
            // With the version that it has now.
            setChanged({ ...open, ...(after as Partial<Item> | undefined) });
            return t("saved", { name: props.nameOf(open) });
          }}
          submitLabel={t("save")}
          of={props.queryKey}
          onDone={(words) => close({ words, isChange: true, undo: { before: open } })}
          onCancel={() => close()}
        />
      ) : null}
      {actions.length > 0 ? (
        <BulkActions actions={actions} chosen={chosen} of={props.queryKey} onEmpty={() => setChosenKeys(new Set())} />
      ) : null}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse must be able to scroll it */}
      <section className="table-scroll" tabIndex={0} aria-label={props.title}>
        <Table striped className="list">
          <Table.Thead>
            <Table.Tr>
              {actions.length > 0 ? (
                <Table.Th w={44}>
                  <Checkbox
                    aria-label={t("chooseAll")}
                    disabled={items.length === 0}
                    checked={items.length > 0 && chosen.length === items.length}
                    indeterminate={chosen.length > 0 && chosen.length < items.length}
                    onChange={(event) => chooseThese(new Set(event.target.checked ? items.map(keyOf) : []))}
                  />
                </Table.Th>
              ) : null}
              {props.columns.map(({ label }) => (
                <Table.Th key={label}>{label}</Table.Th>
              ))}
              {change ? <Table.Th aria-label={t("change")} /> : null}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {items.map((item) => (
              <Table.Tr key={keyOf(item)}>
                {actions.length > 0 ? (
                  <Table.Td>
                    <Checkbox
                      aria-label={t("choose", { name: props.nameOf(item) })}
                      checked={chosenKeys.has(keyOf(item))}
                      onChange={(event) => choose(item, event.target.checked)}
                    />
                  </Table.Td>
                ) : null}
                {props.columns.map(({ label, show }) => (
                  <Table.Td key={label} data-label={label}>
                    {show(item)}
                  </Table.Td>
                ))}
                {change ? (
                  <Table.Td>
                    <Button
                      variant="default"
                      aria-label={t("changeOne", { name: props.nameOf(item) })}
                      onClick={() => {
                        setOpen(item);
                        scrollTo({ top: 0 });
                      }}
                    >
                      {t("change")}
                    </Button>
                  </Table.Td>
                ) : null}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </section>
      {list.isSuccess && items.length === 0 ? <p className="text-muted">{t("empty")}</p> : null}
      {list.hasNextPage ? (
        <Button variant="default" onClick={() => void list.fetchNextPage()}>
          {t("more")}
        </Button>
      ) : null}
    </Stack>
  );
}
