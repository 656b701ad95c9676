/** Shows the requests that a second person approves: who asks for what and why, with the decision; operators ask for entry here. */
import type { Approval } from "@lectern/client";
import { serverClock } from "@lectern/player/server-clock";
import { EmptyState, SkeletonRows } from "@lectern/ui";
import { CHECKLIST_ICON } from "@lectern/ui/icons";
import { Alert, Badge, Button, Card, Group, SegmentedControl, Stack, Title } from "@mantine/core";
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { schoolQuery, useSchoolScope } from "../school/school-context.ts";
import { useFormatTime } from "../school/school-time.ts";
import { lasts } from "./acts.ts";
import { EntryForm } from "./entry-form.tsx";

const REFETCH_MS = 10_000;
const KEY = ["approvals"];
const SWITCHES = ["erase", "publish", "operatorEntry"] as const;
type Filter = "waiting" | "all";
type Verb = "approve" | "refuse" | "withdraw" | "end";

export function Approvals() {
  const { t } = useTranslation();
  const scope = useSchoolScope();
  const [filter, setFilter] = useState<Filter>("waiting");
  const client = useQueryClient();
  const [error, setError] = useState("");
  const state = filter === "waiting" ? { state: "waiting" as const } : {};
  const list = useInfiniteQuery({
    queryKey: [...KEY, scope.school?.id, filter],
    queryFn: ({ pageParam }) => {
      const query = { ...schoolQuery(scope), ...state, limit: 50, ...(pageParam ? { cursor: pageParam } : {}) };
      return unwrap(api().GET("/api/v1/approvals", { params: { query } }));
    },
    initialPageParam: "",
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    refetchInterval: REFETCH_MS,
  });
  const me = useQuery({ queryKey: ["me"], queryFn: () => unwrap(api().GET("/api/v1/me")) });
  const decide = async (approvalId: string, verb: Verb): Promise<void> => {
    try {
      await unwrap(api().POST(`/api/v1/approvals/{approvalId}/${verb}`, { params: { path: { approvalId } } }));
      setError("");
    } catch (failure) {
      setError(errorMessage(failure, t("offline")));
    }
    // What was approved changes people and recordings.
    await client.invalidateQueries();
  };
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Stack maw={720}>
      <Title order={1}>{t("nav.approvals")}</Title>
      <p className="text-muted list-hint">{t("approvals.hint")}</p>
      {scope.isOperator && scope.school ? <EntryForm schoolId={scope.school.id} /> : null}
      <SegmentedControl
        aria-label={t("approvals.show")}
        value={filter}
        onChange={(value) => setFilter(value === "all" ? "all" : "waiting")}
        data={[
          { value: "waiting", label: t("approvals.waiting") },
          { value: "all", label: t("approvals.all") },
        ]}
      />
      {error ? (
        <Alert color="red" role="alert">
          {t("failed", { message: error })}
        </Alert>
      ) : null}
      {list.isPending ? <SkeletonRows rows={3} label={t("loading")} /> : null}
      {list.error ? (
        <Alert color="red" role="alert">
          {t("failed", { message: errorMessage(list.error, t("offline")) })}
        </Alert>
      ) : null}
      {list.data && items.length === 0 ? <EmptyState icon={CHECKLIST_ICON} text={t("approvals.none")} /> : null}
      <Stack component="ul" className="approvals" gap="sm">
        {items.map((approval) => (
          <Request key={approval.id} approval={approval} me={me.data?.user?.id ?? null} onDecide={decide} />
        ))}
      </Stack>
      {list.hasNextPage ? (
        <Button variant="default" onClick={() => void list.fetchNextPage()}>
          {t("loadMore")}
        </Button>
      ) : null}
    </Stack>
  );
}

type RequestProps = {
  readonly approval: Approval;
  /** The id of the person who looks. */
  readonly me: string | null;
  readonly onDecide: (id: string, verb: Verb) => Promise<void>;
};

function Request({ approval, me, onDecide }: RequestProps) {
  const { t } = useTranslation();
  const time = useFormatTime();
  const { id, act, target, params, reason, state, askedBy, decidedBy, others } = approval;
  const words = t(`approvals.acts.${act}`, {
    name: target.name,
    minutes: Number(params["minutes"] ?? 0),
    switches: SWITCHES.filter((name) => name in params)
      .map((name) => t(`approvals.switches.${name}`))
      .join(", "),
  });
  const isOwn = askedBy.id !== null && askedBy.id === me;
  const isIn = lasts(approval, serverClock.now());
  return (
    <Card component="li" withBorder padding="md">
      <Stack gap="xs">
        <Group justify="space-between" align="start" wrap="nowrap">
          <strong>{words}</strong>
          <Badge color={state === "waiting" ? "yellow" : "gray"}>
            {isIn ? t("approvals.entered") : t(`approvals.states.${state}`)}
          </Badge>
        </Group>
        {act === "publish-recording" && typeof params["title"] === "string" ? (
          <span>{t("approvals.newTitle", { title: params["title"] })}</span>
        ) : null}
        {reason === "" ? null : <q className="approval-reason">{reason}</q>}
        <small className="text-muted">
          {t("approvals.asked", { name: askedBy.name, time: time(approval.createdAt) })}
          {state === "waiting" ? ` ${t("approvals.expires", { time: time(approval.expiresAt) })}` : ""}
          {decidedBy === null ? "" : ` ${t("approvals.decided", { name: decidedBy.name, time: time(approval.decidedAt) })}`}
          {isIn ? ` ${t("approvals.until", { time: time(approval.endsAt) })}` : ""}
        </small>
        {state === "waiting" && isOwn && others === 0 ? <Alert color="yellow">{t("approvals.alone")}</Alert> : null}
        <Group gap="xs">
          {approval.mayDecide ? (
            <>
              <Button aria-label={`${t("approvals.approve")}: ${words}`} onClick={() => void onDecide(id, "approve")}>
                {t("approvals.approve")}
              </Button>
              <Button
                variant="default"
                aria-label={`${t("approvals.refuse")}: ${words}`}
                onClick={() => void onDecide(id, "refuse")}
              >
                {t("approvals.refuse")}
              </Button>
            </>
          ) : null}
          {state === "waiting" && isOwn ? (
            <Button
              variant="default"
              aria-label={`${t("approvals.withdraw")}: ${words}`}
              onClick={() => void onDecide(id, "withdraw")}
            >
              {t("approvals.withdraw")}
            </Button>
          ) : null}
          {isIn ? (
            <Button variant="default" aria-label={`${t("approvals.end")}: ${words}`} onClick={() => void onDecide(id, "end")}>
              {t("approvals.end")}
            </Button>
          ) : null}
        </Group>
      </Stack>
    </Card>
  );
}
