/** Shows a test of dispatch: to which node a viewer of a given address is sent, and how each node was rated. */
import { Alert, Button, Group, Stack, Table, TextInput, Title } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { TableScroll } from "../list/table-scroll.tsx";

/** The parts that a node's cost is made of. */
const COST_PARTS = ["carrier", "region", "feed"] as const;

const explainDispatch = (stream: string, ip: string) =>
  unwrap(api().GET("/api/v1/dispatch/play", { params: { query: { stream, explain: "1", ...(ip ? { ip } : {}) } } }));

type Answer = Awaited<ReturnType<typeof explainDispatch>>;
type Explanation = NonNullable<Answer["explanation"]>;

export function DispatchTest() {
  const { t } = useTranslation();
  const [fields, setFields] = useState({ stream: "live/", ip: "" });
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [error, setError] = useState("");
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    try {
      setAnswer(await explainDispatch(fields.stream, fields.ip.trim()));
      setError("");
    } catch (failure) {
      setAnswer(null);
      setError(errorMessage(failure, t("offline")));
    }
  };
  return (
    <Stack component="section" gap="xs">
      <Title order={2} size="h4">
        {t("nodes.dispatchTest")}
      </Title>
      <form onSubmit={(event) => void submit(event)}>
        <Group align="end">
          <TextInput
            label={t("fields.stream")}
            value={fields.stream}
            required
            onChange={({ currentTarget: { value } }) => setFields({ ...fields, stream: value })}
          />
          <TextInput
            label={t("nodes.ip")}
            value={fields.ip}
            placeholder="123.125.114.144"
            onChange={({ currentTarget: { value } }) => setFields({ ...fields, ip: value })}
          />
          <Button type="submit">{t("nodes.test")}</Button>
        </Group>
      </form>
      {error ? <Alert color="red">{error}</Alert> : null}
      {answer ? <Result answer={answer} /> : null}
    </Stack>
  );
}

function Result({ answer: { candidates, explanation } }: { answer: Answer }) {
  const { t } = useTranslation();
  const location = explanation
    ? [explanation.region, explanation.isp].filter(Boolean).join(", ") || t("nodes.unknownLocation")
    : null;
  return (
    <>
      {candidates[0] ? (
        <p role="status">
          {t("nodes.dispatchedTo", { node: candidates[0].node })}
          {location ? ` (${location})` : ""}
        </p>
      ) : null}
      {explanation ? <Ratings explanation={explanation} /> : null}
    </>
  );
}

function Ratings({ explanation }: { explanation: Explanation }) {
  const { t } = useTranslation();
  return (
    <TableScroll label={t("nodes.dispatchTest")}>
      <Table className="list">
        <Table.Thead>
          <Table.Tr>
            {["node", "verdict", "cost", ...COST_PARTS, "load"].map((column) => (
              <Table.Th key={column}>{t(`nodes.columns.${column}`)}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {explanation.nodes.map((node) => (
            <Table.Tr key={node.node}>
              <Table.Th scope="row">{node.node}</Table.Th>
              <Table.Td>{t(`nodes.verdicts.${node.verdict}`, { defaultValue: node.verdict })}</Table.Td>
              <Table.Td>{node.cost}</Table.Td>
              {COST_PARTS.map((part) => (
                <Table.Td key={part}>{node.parts[part]}</Table.Td>
              ))}
              <Table.Td>{Math.round(node.load * 100)} %</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </TableScroll>
  );
}
