/** Shows the table of a list: a checkbox to select each row, the columns, a button to edit the row, and a menu of what else can be done. */
import { Button, Menu, type MenuItem } from "@lectern/ui";
import { PEN_ICON } from "@lectern/ui/icons";
import { Checkbox, Table } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "../../texts/use-translation.ts";
import { headerState, type Selection, withSelected } from "./selection.ts";
import { TableScroll } from "./table-scroll.tsx";

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
  /** Default: no row has a menu. */
  readonly menuOf?: (item: Item) => readonly MenuItem[];
};

function noMenu(): readonly MenuItem[] {
  return [];
}

export function ListTable<Item>(props: ListTableProps<Item>) {
  const { title, items, columns, keyOf, selection, onEdit, menuOf = noMenu } = props;
  const { t } = useTranslation();
  const hasActions = onEdit !== null || items.some((item) => menuOf(item).length > 0);
  return (
    <TableScroll label={title}>
      <Table className="list">
        <Table.Thead>
          <Table.Tr>
            {selection ? <SelectAll {...props} selection={selection} /> : null}
            {columns.map(({ label }) => (
              <Table.Th key={label}>{label}</Table.Th>
            ))}
            {hasActions ? (
              <Table.Th>
                <span className="unseen">{t("actions")}</span>
              </Table.Th>
            ) : null}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items.map((item) => (
            <Row key={keyOf(item)} {...props} item={item} hasActions={hasActions} />
          ))}
        </Table.Tbody>
      </Table>
    </TableScroll>
  );
}

function SelectAll<Item>({ items, keyOf, selection, onSelect }: ListTableProps<Item> & { readonly selection: Selection }) {
  const { t } = useTranslation();
  const selected = items.filter((item) => selection.has(keyOf(item))).length;
  return (
    <Table.Th w={44}>
      <span className="unseen">{t("selectAll")}</span>
      <Checkbox
        aria-label={t("selectAll")}
        disabled={items.length === 0}
        {...headerState(items.length, selected)}
        onChange={(event) => onSelect(new Set(event.target.checked ? items.map(keyOf) : []))}
      />
    </Table.Th>
  );
}

function Row<Item>(props: ListTableProps<Item> & { readonly item: Item; readonly hasActions: boolean }) {
  const { item, columns, keyOf, nameOf, selection, onSelect, onEdit, menuOf = noMenu, hasActions } = props;
  const { t } = useTranslation();
  const key = keyOf(item);
  const name = nameOf(item);
  const menu = menuOf(item);
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
      {hasActions ? (
        <Table.Td className="row-actions">
          {onEdit ? (
            <Button kind="quiet" icon={PEN_ICON} aria-label={t("editOne", { name })} onClick={() => onEdit(item)}>
              {t("edit")}
            </Button>
          ) : null}
          {menu.length > 0 ? <Menu label={t("moreOf", { name })} items={menu} /> : null}
        </Table.Td>
      ) : null}
    </Table.Tr>
  );
}
