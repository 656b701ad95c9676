/** Shows operators the addresses that the service protects itself from, and why, with release and exemption. */
import { Alert, Button, Group, Stack, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { CopyListAsCurl } from "../list/copy-as-curl.tsx";
import { ListTable } from "../list/list-table.tsx";
import { useFormatTime } from "../school/school-time.ts";
import { type Blocked, useBlockedColumns } from "./blocked-columns.tsx";
import { ProtectionPage } from "./protection-page.tsx";

const REFETCH_MS = 3000;

export function Protection() {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ["protection"],
    queryFn: () => unwrap(api().GET("/api/v1/protection")),
    refetchInterval: REFETCH_MS,
  });
  const { data } = query;
  return (
    <ProtectionPage page="now">
      <Group justify="space-between">
        <Title order={1}>{t("nav.protection")}</Title>
        <CopyListAsCurl path="/protection" query={{}} />
      </Group>
      {query.error ? (
        <Alert color="red" role="alert">
          {t("failed", { message: errorMessage(query.error, t("offline")) })}
        </Alert>
      ) : null}
      {data ? (
        <>
          <p className="text-muted list-hint">{t(`protection.mode.${data.mode}`)}</p>
          {data.held.length + data.ended.length === 0 ? <Quiet /> : null}
          <BlockedNow held={data.held} count={data.heldCount} isShown={data.held.length + data.ended.length > 0} />
          {data.ended.length > 0 ? <Ended ended={data.ended} /> : null}
        </>
      ) : null}
    </ProtectionPage>
  );
}

function Quiet() {
  const { t } = useTranslation();
  return (
    <div className="protection-quiet">
      <Title order={2} size="h4">
        {t("protection.quiet")}
      </Title>
      <p className="text-muted">{t("protection.quietText")}</p>
    </div>
  );
}

type BlockedNowProps = { readonly held: readonly Blocked[]; readonly count: number; readonly isShown: boolean };

/** Stays when the last address is released, because it says so. */
function BlockedNow({ held, count, isShown }: BlockedNowProps) {
  const { t } = useTranslation();
  const columns = useBlockedColumns(false);
  const { act, message, error } = useBlockedActions();
  return (
    <>
      {message ? <Alert role="status">{message}</Alert> : null}
      {error ? (
        <Alert color="red" role="alert">
          {t("failed", { message: errorMessage(error, t("offline")) })}
        </Alert>
      ) : null}
      {isShown ? (
        <Stack component="section" gap="xs">
          <Title order={2} size="h4">
            {t("protection.held")}
          </Title>
          {held.length === 0 ? (
            <p className="text-muted">{t("protection.noneHeld")}</p>
          ) : (
            <ListTable
              title={t("protection.held")}
              items={held}
              columns={[...columns, { label: t("fields.action"), show: (one) => <Actions held={one} onAct={act} /> }]}
              keyOf={({ address, node }) => `${address} ${node}`}
              nameOf={({ address }) => address}
              selection={null}
              onSelect={() => {}}
              onEdit={null}
            />
          )}
          {count > held.length ? <p className="text-muted">{t("protection.more", { shown: held.length, count })}</p> : null}
        </Stack>
      ) : null}
    </>
  );
}

function Ended({ ended }: { ended: readonly Blocked[] }) {
  const { t } = useTranslation();
  return (
    <Stack component="section" gap="xs">
      <Title order={2} size="h4">
        {t("protection.ended")}
      </Title>
      <ListTable
        title={t("protection.ended")}
        items={ended}
        columns={useBlockedColumns(true)}
        keyOf={({ address, node, since }) => `${address} ${node} ${since}`}
        nameOf={({ address }) => address}
        selection={null}
        onSelect={() => {}}
        onEdit={null}
      />
    </Stack>
  );
}

type Action = "release" | "exempt";

function Actions({ held: { address }, held, onAct }: { held: Blocked; onAct: (action: Action, held: Blocked) => void }) {
  const { t } = useTranslation();
  return (
    <Group gap="xs" wrap="nowrap">
      <Button variant="default" aria-label={t("protection.releaseOne", { address })} onClick={() => onAct("release", held)}>
        {t("protection.release")}
      </Button>
      <Button variant="default" aria-label={t("protection.exemptOne", { address })} onClick={() => onAct("exempt", held)}>
        {t("protection.exempt")}
      </Button>
    </Group>
  );
}

function useBlockedActions() {
  const { t } = useTranslation();
  const time = useFormatTime();
  const client = useQueryClient();
  const { mutate, data, error } = useMutation({
    mutationFn: async ({ action, held: { address, since } }: { action: Action; held: Blocked }): Promise<string> => {
      if (action === "exempt") {
        const body = { network: address, note: t("protection.exemptNote", { when: time(since) }) };
        await unwrap(api().POST("/api/v1/protection/exemptions", { body }));
      }
      await unwrap(api().POST("/api/v1/protection/releases", { body: { address } }));
      return t(action === "exempt" ? "protection.exempted" : "protection.released", { address });
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["protection"] }),
  });
  return { act: (action: Action, held: Blocked) => mutate({ action, held }), message: data ?? "", error };
}
