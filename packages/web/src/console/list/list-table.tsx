/** The table of a list: a checkbox to select each row, the columns, and a button to edit the row. */
import { Button, Checkbox, Table } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { headerState, type Selection, withSelected } from "./selection.ts";

export type Column<Item> = { readonly label: string; readonly show: (item: Item) => ReactNode };

type ListTableProps<Item> = {
  readonly title: string;
  readonly items: readonly Item[];
  readonly columns: readonly Column<Item>[];
  readonly keyOf: (item: Item) => string;
  /** Names a row for screen readers. */
  readonly nameOf: (item: Item) => string;
  /** Null for a list without selection. */
  readonly selection: Selection | null;
  readonly onSelect: (selection: Selection) => void;
  /** Null for a list without editing. */
  readonly onEdit: ((item: Item) => void) | null;
};

export function ListTable<Item>(props: ListTableProps<Item>) {
  const { title, items, columns, keyOf, selection, onEdit } = props;
  const { t } = useTranslation();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: keyboard users must be able to scroll it
    <section className="table-scroll" tabIndex={0} aria-label={title}>
      <Table striped className="list">
        <Table.Thead>
          <Table.Tr>
            {selection ? <SelectAll {...props} selection={selection} /> : null}
            {columns.map(({ label }) => (
              <Table.Th key={label}>{label}</Table.Th>
            ))}
            {onEdit ? <Table.Th aria-label={t("edit")} /> : null}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items.map((item) => (
            <Row key={keyOf(item)} {...props} item={item} />
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}

function SelectAll<Item>({ items, keyOf, selection, onSelect }: ListTableProps<Item> & { readonly selection: Selection }) {
  const { t } = useTranslation();
  const selected = items.filter((item) => selection.has(keyOf(item))).length;
  return (
    <Table.Th w={44}>
      <Checkbox
        aria-label={t("selectAll")}
        disabled={items.length === 0}
        {...headerState(items.length, selected)}
        onChange={(event) => onSelect(new Set(event.target.checked ? items.map(keyOf) : []))}
      />
    </Table.Th>
  );
}

function Row<Item>(props: ListTableProps<Item> & { readonly item: Item }) {
  const { item, columns, keyOf, nameOf, selection, onSelect, onEdit } = props;
  const { t } = useTranslation();
  const key = keyOf(item);
  const name = nameOf(item);
  return (
    <Table.Tr>
      {selection ? (
        <Table.Td>
          <Checkbox
            aria-label={t("select", { name })}
            checked={selection.has(key)}
            onChange={(event) => onSelect(withSelected(selection, key, event.target.checked))}
          />
        </Table.Td>
      ) : null}
      {columns.map(({ label, show }) => (
        <Table.Td key={label} data-label={label}>
          {show(item)}
        </Table.Td>
      ))}
      {onEdit ? (
        <Table.Td>
          <Button variant="default" aria-label={t("editOne", { name })} onClick={() => onEdit(item)}>
            {t("edit")}
          </Button>
        </Table.Td>
      ) : null}
    </Table.Tr>
  );
}
