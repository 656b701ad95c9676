/** Shows the link matrix: which node fetches from which, with round-trip time, loss and bandwidth. */
import { Stack, Table, Title } from "@mantine/core";
import { useTranslation } from "../../texts/use-translation.ts";
import { TableScroll } from "../list/table-scroll.tsx";
import { matrixOf } from "./node-order.ts";

type Link = {
  readonly to: string;
  readonly rttMs: number | null;
  readonly lossPercent: number | null;
  readonly mbps: number;
};

export function LinkMatrix({ nodes }: { nodes: readonly { readonly id: string; readonly links: readonly Link[] }[] }) {
  const { t } = useTranslation();
  const { rows, columns } = matrixOf(nodes);
  if (columns.length === 0) return null;
  return (
    <Stack component="section" gap="xs">
      <Title order={2} size="h4">
        {t("nodes.links")}
      </Title>
      <TableScroll label={t("nodes.links")}>
        <Table className="list">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("nodes.fetchesFrom")}</Table.Th>
              {columns.map((source) => (
                <Table.Th key={source}>{source}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(({ id, links }) => (
              <Table.Tr key={id}>
                <Table.Th scope="row">{id}</Table.Th>
                {columns.map((source) => (
                  <Table.Td key={source}>
                    <LinkFigures link={links.find(({ to }) => to === source)} />
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </TableScroll>
    </Stack>
  );
}

function LinkFigures({ link }: { link: Link | undefined }) {
  const { t } = useTranslation();
  if (!link) return null;
  return t("nodes.link", {
    rtt: link.rttMs === null ? "?" : Math.round(link.rttMs),
    loss: link.lossPercent === null ? "?" : link.lossPercent.toFixed(1),
    mbps: link.mbps.toFixed(1),
  });
}
