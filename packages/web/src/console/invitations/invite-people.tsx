/** Shows the drawer that invites people to a first sign-in: by mail, or with slips to print. */

import type { InvitationSlips, QueuedInvitations } from "@lectern/client";
import { Button, Drawer } from "@lectern/ui";
import { Checkbox } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import "./invitations.css";
import { SkippedPeople } from "./skipped-people.tsx";
import { SlipsSheet } from "./slips-sheet.tsx";
import { ARRIVALS_KEY, useArrivals } from "./use-arrivals.ts";

/** Who is invited: selected people, the people of a course, or the whole school. */
export type InvitedSelection = { readonly schoolId?: string; readonly courseId?: string; readonly userIds?: readonly string[] };

type InvitePeopleProps = { readonly selection: InvitedSelection; readonly onClose: () => void };

export function InvitePeople({ selection, onClose }: InvitePeopleProps) {
  const { t } = useTranslation();
  const [alsoSignedIn, setAlsoSignedIn] = useState(false);
  const arrivals = useArrivals(selection.schoolId);
  const { userIds, courseId } = selection;
  const { mail, print, slips } = useInviting(selection, alsoSignedIn);
  const error = mail.error ?? print.error;
  const isPending = mail.isPending || print.isPending;
  if (slips) return <SlipsSheet slips={slips} onClose={onClose} />;
  return (
    <Drawer title={t("invitations.title")} closeLabel={t("close")} onClose={onClose}>
      <div className="fields-form">
        <p>
          {userIds
            ? t("invitations.selected", { count: userIds.length })
            : t(courseId ? "invitations.course" : "invitations.whole")}
        </p>
        <p className="text-muted">{t("invitations.hint")}</p>
        <Checkbox
          label={t("invitations.alsoSignedIn")}
          checked={alsoSignedIn}
          onChange={(event) => setAlsoSignedIn(event.currentTarget.checked)}
        />
        {arrivals.data?.canMail === false ? <p className="text-muted">{t("invitations.noMail")}</p> : null}
        {error ? (
          <p className="error-box" role="alert">
            {t("failed", { message: errorMessage(error, t("offline")) })}
          </p>
        ) : null}
        {mail.data ? <Queued answer={mail.data} /> : null}
        <div className="form-end">
          <Button
            kind={arrivals.data?.canMail ? "primary" : "secondary"}
            disabled={isPending || !arrivals.data?.canMail}
            onClick={() => mail.mutate()}
          >
            {t("invitations.byMail")}
          </Button>
          <Button kind={arrivals.data?.canMail ? "secondary" : "primary"} disabled={isPending} onClick={() => print.mutate()}>
            {t("invitations.bySlips")}
          </Button>
        </div>
      </div>
    </Drawer>
  );
}

function useInviting({ userIds, ...of }: InvitedSelection, alsoSignedIn: boolean) {
  const client = useQueryClient();
  const [slips, setSlips] = useState<InvitationSlips | null>(null);
  const body = { ...of, alsoSignedIn, ...(userIds ? { userIds: [...userIds] } : {}) };
  const onSettled = async () => {
    await client.invalidateQueries({ queryKey: ["users"] });
    await client.invalidateQueries({ queryKey: [ARRIVALS_KEY] });
  };
  const mail = useMutation({ mutationFn: () => unwrap(api().POST("/api/v1/account-invitations", { body })), onSettled });
  const print = useMutation({
    mutationFn: () => unwrap(api().POST("/api/v1/account-invitations/slips", { body })),
    onSuccess: setSlips,
    onSettled,
  });
  return { mail, print, slips };
}

function Queued({ answer: { queued, skipped } }: { readonly answer: QueuedInvitations }) {
  const { t } = useTranslation();
  return (
    <>
      <p role="status">{t("invitations.queued", { count: queued })}</p>
      <SkippedPeople skipped={skipped} />
    </>
  );
}
