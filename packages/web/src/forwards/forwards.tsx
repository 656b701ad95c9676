/** Lists the services that a lesson is also sent to, with their states, adds others, changes and removes them. The studio and the console show it. */
import type { Forward, Lesson } from "@lectern/client";
import { useState } from "react";
import { JobStatus } from "../jobs/job-status.tsx";
import { forwardWord } from "../jobs/job-words.ts";
import { errorMessage } from "../session/error-message.ts";
import { useTranslation } from "../texts/use-translation.ts";
import "./forwards.css";
import { ForwardForm } from "./forward-form.tsx";
import { type Forwards as ForwardList, MAX_FORWARDS, useForwards } from "./use-forwards.ts";

/** What is open: the form of a forward, the question whether to remove it, or the form of a new one. */
type Open = { readonly what: "edit" | "remove"; readonly id: string } | { readonly what: "add" } | null;

export function Forwards({ lesson }: { lesson: Lesson }) {
  const { t } = useTranslation();
  const forwards = useForwards(lesson.id);
  const [open, setOpen] = useState<Open>(null);
  if (forwards.isForbidden) return null;
  const { list, isLoaded, error } = forwards;
  const close = () => setOpen(null);
  return (
    <section className="tile forwards" aria-label={t("forwards")}>
      <h2>{t("forwards")}</h2>
      <p className="text-muted">{t("forwardsHint")}</p>
      {error ? (
        <p className="error" role="alert">
          {errorMessage(error, t("offline"))}
        </p>
      ) : null}
      <ul>
        {list.map((forward) => (
          <li key={forward.id}>
            <Entry forward={forward} forwards={forwards} open={open} onOpen={setOpen} />
          </li>
        ))}
      </ul>
      {open?.what === "add" ? (
        <ForwardForm
          forward={null}
          isPending={forwards.isPending}
          onSave={async ({ title = "", url = "" }) => void ((await forwards.add(title, url)) && close())}
          onCancel={close}
        />
      ) : null}
      {isLoaded && open?.what !== "add" && list.length < MAX_FORWARDS ? (
        <button type="button" className="button small" onClick={() => setOpen({ what: "add" })}>
          {t("addForward")}
        </button>
      ) : null}
      {list.length >= MAX_FORWARDS ? <p className="text-muted">{t("forwardsMost", { max: MAX_FORWARDS })}</p> : null}
    </section>
  );
}

type EntryProps = {
  readonly forward: Forward;
  readonly forwards: ForwardList;
  readonly open: Open;
  readonly onOpen: (open: Open) => void;
};

function Entry({ forward, forwards, open, onOpen }: EntryProps) {
  const { t } = useTranslation();
  const { id, title, url, state } = forward;
  const close = () => onOpen(null);
  const what = open !== null && open.what !== "add" && open.id === id ? open.what : null;
  if (what === "edit") {
    return (
      <ForwardForm
        forward={forward}
        isPending={forwards.isPending}
        onSave={async (change) => void ((await forwards.change(forward, change)) && close())}
        onCancel={close}
      />
    );
  }
  return (
    <>
      <strong>{title}</strong>
      {url === null ? <span className="error">{t("forwardAddressLost")}</span> : <code>{url}</code>}
      <JobStatus word={forwardWord(forward)} problem={forward.enabled ? (state?.problem ?? null) : null} />
      {what === "remove" ? (
        <ConfirmRemove title={title} onRemove={async () => void ((await forwards.remove(forward)) && close())} onCancel={close} />
      ) : (
        <Buttons forward={forward} forwards={forwards} onOpen={onOpen} />
      )}
    </>
  );
}

function Buttons({ forward, forwards, onOpen }: Omit<EntryProps, "open">) {
  const { t } = useTranslation();
  const { id, title, enabled } = forward;
  const actions = [
    {
      label: t(enabled ? "disableForward" : "enableForward"),
      run: () => void forwards.change(forward, { enabled: !enabled }),
    },
    { label: t("editForward"), run: () => onOpen({ what: "edit", id }) },
    { label: t("removeForward"), run: () => onOpen({ what: "remove", id }) },
  ];
  return (
    <span className="forward-actions">
      {actions.map(({ label, run }) => (
        <button
          key={label}
          type="button"
          className="button small"
          disabled={forwards.isPending}
          aria-label={`${label}: ${title}`}
          onClick={run}
        >
          {label}
        </button>
      ))}
    </span>
  );
}

type ConfirmRemoveProps = { readonly title: string; readonly onRemove: () => void; readonly onCancel: () => void };

/** The key is stored nowhere else, so a removal cannot be undone. */
function ConfirmRemove({ title, onRemove, onCancel }: ConfirmRemoveProps) {
  const { t } = useTranslation();
  return (
    <div className="forward-actions" role="alertdialog" aria-label={t("removeForwardConfirm", { title })}>
      <p>{t("removeForwardConfirm", { title })}</p>
      <button type="button" className="button small danger" onClick={onRemove}>
        {t("removeForward")}
      </button>
      <button type="button" className="button small" onClick={onCancel}>
        {t("cancelForward")}
      </button>
    </div>
  );
}
