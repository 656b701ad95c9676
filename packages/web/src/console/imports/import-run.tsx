/** Shows an import while it runs and when it has ended: how far it is, what was left out, the way back, and what to do next. */
import type { Import } from "@lectern/client";
import { Button } from "@lectern/ui";
import { UNDO_ICON } from "@lectern/ui/icons";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { Link } from "wouter";
import { errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { InvitePeople } from "../invitations/invite-people.tsx";
import { schoolPath, schoolQuery, useSchoolScope } from "../school/school-context.ts";
import { type Chosen, type ImportKind, readImport, startImport, undoImport } from "./import-calls.ts";
import { ImportFaults } from "./import-faults.tsx";

const POLL_MS = 500;
/** What an import of each kind changes in the lists. */
const LISTS = { people: ["users", "arrivals", "courses", "course members"], timetable: ["lessons", "courses"] } as const;

type ImportRunProps = {
  readonly kind: ImportKind;
  readonly csv: Blob;
  readonly chosen: Chosen;
};

export function ImportRun({ kind, csv, chosen }: ImportRunProps) {
  const { t } = useTranslation();
  const { current, error } = useRun(kind, csv, chosen);
  if (error)
    return (
      <p className="error-box" role="alert">
        {t("failed", { message: errorMessage(error, t("offline")) })}
      </p>
    );
  if (!current || current.state === "running") return <Progress current={current} />;
  return <Ended kind={kind} current={current} />;
}

/** Starts the import, once, and follows it until it has ended. */
function useRun(kind: ImportKind, csv: Blob, chosen: Chosen) {
  const client = useQueryClient();
  const start = useMutation({ mutationFn: () => startImport(kind, csv, chosen) });
  const { mutate } = start;
  const isRequested = useRef(false);
  useEffect(() => {
    if (!isRequested.current) mutate();
    isRequested.current = true;
  }, [mutate]);
  const id = start.data?.id ?? "";
  const run = useQuery({
    queryKey: ["import", id],
    queryFn: () => readImport(id),
    enabled: id !== "",
    refetchInterval: ({ state }) => (state.data && state.data.state !== "running" ? false : POLL_MS),
  });
  const hasEnded = run.data !== undefined && run.data.state !== "running";
  useEffect(() => {
    if (hasEnded) for (const list of LISTS[kind]) void client.invalidateQueries({ queryKey: [list] });
  }, [hasEnded, client, kind]);
  return { current: run.data ?? null, error: start.error ?? run.error };
}

function Progress({ current }: { readonly current: Import | null }) {
  const { t } = useTranslation();
  const { rowsDone = 0, rowsTotal = 0 } = current ?? {};
  const text = t("imports.progress", { done: rowsDone, total: rowsTotal });
  return (
    <p role="status">
      <progress max={Math.max(1, rowsTotal)} value={rowsDone} aria-label={text} /> {text}
    </p>
  );
}

function Ended({ kind, current }: { readonly kind: ImportKind; readonly current: Import }) {
  const { t } = useTranslation();
  const place = useSchoolScope();
  const client = useQueryClient();
  const [isInviting, setInviting] = useState(false);
  const undo = useMutation({
    mutationFn: () => undoImport(current.id),
    onSuccess: async () => {
      for (const list of LISTS[kind]) await client.invalidateQueries({ queryKey: [list] });
    },
  });
  const { errors, rowsDone, rowsAdded, state } = current;
  const wrongRows = new Set(errors.map(({ line }) => line)).size;
  const present = state === "done" ? rowsDone - rowsAdded - wrongRows : 0;
  return (
    <section className="import-preview">
      {undo.data ? (
        <p role="status">
          {t("imports.undone", undo.data)} {undo.data.kept > 0 ? t("imports.kept", { count: undo.data.kept }) : ""}
        </p>
      ) : (
        <p role="status">
          {t("imports.done", { count: rowsAdded })} {present > 0 ? t("imports.present", { count: present }) : ""}
        </p>
      )}
      {undo.error ? (
        <p className="error-box" role="alert">
          {t("failed", { message: errorMessage(undo.error, t("offline")) })}
        </p>
      ) : null}
      <div className="row">
        {kind === "people" && !undo.data ? (
          <Button kind="primary" onClick={() => setInviting(true)}>
            {t("imports.invite")}
          </Button>
        ) : null}
        <Link className="button" href={schoolPath(place, kind === "people" ? "/people" : "/lessons")}>
          {t("imports.showList")}
        </Link>
        {rowsDone > 0 && !undo.data ? (
          <Button icon={UNDO_ICON} disabled={undo.isPending} onClick={() => undo.mutate()}>
            {t("imports.undo")}
          </Button>
        ) : null}
      </div>
      {isInviting ? <InvitePeople selection={schoolQuery(place)} onClose={() => setInviting(false)} /> : null}
      {errors.length > 0 && !undo.data ? (
        <ImportFaults title={t(state === "done" ? "imports.leftOut" : "imports.stopped")} faults={errors} />
      ) : null}
    </section>
  );
}
