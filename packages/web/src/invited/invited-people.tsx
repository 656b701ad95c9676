/** Lists the people who are invited to a lesson, adds others by a search, and removes them. The studio and the console show it. */
import type { Lesson } from "@lectern/client";
import { useId, useState } from "react";
import { errorMessage } from "../session/error-message.ts";
import { useTranslation } from "../texts/use-translation.ts";
import "./invited-people.css";
import { type Invited, type Person, useInvited, useMatches } from "./use-invited.ts";

export function InvitedPeople({ lesson }: { lesson: Lesson }) {
  const { t } = useTranslation();
  const invited = useInvited(lesson);
  if (invited.isForbidden) return null;
  const access = lesson.courseId !== null ? "course" : lesson.openToSchool ? "open" : "private";
  const { people, isLoaded, loadMore } = invited;
  return (
    <section className="tile invited" aria-label={t("invited")}>
      <h2>{t("invited")}</h2>
      <p className="text-muted">
        {t(`invitedHint.${access}`)} {lesson.guests ? t("invitedGuests") : ""}
      </p>
      <Search lesson={lesson} invited={invited} />
      <LastChange invited={invited} />
      {isLoaded && people.length === 0 ? <p>{t("invitedNobody")}</p> : null}
      <ul>
        {people.map((person) => (
          <Entry
            key={person.userId}
            person={person}
            action={t("uninvite")}
            onAction={invited.uninvite}
            isPending={invited.isPending}
          />
        ))}
      </ul>
      {loadMore ? (
        <button type="button" className="button small" onClick={loadMore}>
          {t("invitedMore")}
        </button>
      ) : null}
    </section>
  );
}

function Search({ lesson, invited }: { lesson: Lesson; invited: Invited }) {
  const { t } = useTranslation();
  const id = useId();
  const [text, setText] = useState("");
  const { people, hasMore, isDone } = useMatches(lesson, text);
  const known = new Set(invited.people.map(({ userId }) => userId));
  const others = people.filter(({ userId }) => !known.has(userId));
  return (
    <div className="invited-search">
      <div className="field">
        <label htmlFor={id}>{t("invitedSearch")}</label>
        <input
          id={id}
          type="search"
          autoComplete="off"
          maxLength={100}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      <ul aria-label={t("invitedSearch")}>
        {others.map((person) => (
          <Entry
            key={person.userId}
            person={person}
            action={t("inviteOne")}
            onAction={invited.invite}
            isPending={invited.isPending}
          />
        ))}
      </ul>
      <p role="status" className="text-muted">
        {isDone && hasMore ? t("invitedMoreMatches") : isDone && others.length === 0 ? t("invitedNoMatch") : ""}
      </p>
    </div>
  );
}

type EntryProps = {
  readonly person: Person;
  readonly action: string;
  readonly onAction: (person: Person) => void;
  readonly isPending: boolean;
};

function Entry({ person, action, onAction, isPending }: EntryProps) {
  return (
    <li>
      <span>
        {person.name} <small className="text-muted">{person.login}</small>
      </span>
      <button
        type="button"
        className="button small"
        disabled={isPending}
        aria-label={`${action}: ${person.name} (${person.login})`}
        onClick={() => onAction(person)}
      >
        {action}
      </button>
    </li>
  );
}

function LastChange({ invited: { last, error, invite, uninvite } }: { invited: Invited }) {
  const { t } = useTranslation();
  if (error !== null && error !== undefined)
    return (
      <p className="error" role="alert">
        {errorMessage(error, t("offline"))}
      </p>
    );
  return (
    <p role="status">
      {last ? (
        <>
          {t(last.isInvited ? "invitedDone" : "uninvited", { name: last.person.name })}{" "}
          <button type="button" className="button small" onClick={() => (last.isInvited ? uninvite : invite)(last.person)}>
            {t("invitedAgain")}
          </button>
        </>
      ) : null}
    </p>
  );
}
