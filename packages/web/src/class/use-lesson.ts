/** The lesson as a student's page knows it: what it is, joining it, and new links before the old ones expire. */
import type { Joined } from "@lectern/client";
import { useCallback, useEffect, useState } from "react";
import { ApiError, api, saveSessionToken, unwrap } from "../session/api.ts";

export type Invitation = {
  readonly lessonId: string;
  readonly title: string;
  readonly school: string;
  readonly teacher: string | null;
  readonly state: "scheduled" | "live" | "ended";
  readonly startsAt: string | null;
  readonly endsAt: string | null;
  readonly startedAt: string | null;
  readonly guests: boolean;
};

/** What stands in the way: a code of the server, or that it cannot be reached. */
export type Trouble = { readonly code: string; readonly words: string };

const LOOK_EVERY_MS = 4000;
const AWAY: Trouble = { code: "offline", words: "" };

export function useInvitation(code: string): { readonly invitation: Invitation | null; readonly trouble: Trouble | null } {
  const [invitation, setInvitation] = useState<Invitation | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  useEffect(() => {
    let over = false;
    let timer = 0;
    const look = async (): Promise<void> => {
      try {
        const found = await unwrap(api(null).GET("/api/v1/invitations/{code}", { params: { path: { code } } }));
        if (over) return;
        setInvitation(found);
        setTrouble(null);
      } catch (error) {
        if (over) return;
        setTrouble(troubleOf(error));
        // A code that is none does not become one.
        if (error instanceof ApiError && error.problem.status < 500 && error.problem.status !== 429) return;
      }
      timer = window.setTimeout(look, LOOK_EVERY_MS);
    };
    void look();
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [code]);
  return { invitation, trouble };
}

export type Joining = {
  readonly joined: Joined | null;
  readonly trouble: Trouble | null;
  readonly busy: boolean;
  readonly join: (name: string | null) => Promise<void>;
  readonly signIn: (login: string, password: string) => Promise<void>;
};

/** Joins, and goes on joining for new links. A guest who comes back to the page is the same guest. */
export function useJoining(code: string): Joining {
  const [joined, setJoined] = useState<Joined | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [busy, setBusy] = useState(false);
  const key = `lectern.guest.${code}`;

  const ask = useCallback(
    async (name: string | null): Promise<void> => {
      const token = sessionStorage.getItem(key);
      const body = { ...(name ? { name } : {}), ...(token ? { token } : {}) };
      const answer = await unwrap(api().POST("/api/v1/lessons/{lessonId}/join", { params: { path: { lessonId: code } }, body }));
      if (answer.token) sessionStorage.setItem(key, answer.token);
      setJoined(answer);
      setTrouble(null);
    },
    [code, key],
  );

  const attempt = useCallback(async (work: () => Promise<void>): Promise<void> => {
    setBusy(true);
    try {
      await work();
    } catch (error) {
      if (error instanceof ApiError && error.problem.code === "bad-credential") saveSessionToken(null);
      setTrouble(troubleOf(error));
    } finally {
      setBusy(false);
    }
  }, []);

  useEffect(() => {
    if (!joined) return;
    const wait = Math.max(1000, Date.parse(joined.renewAt) - Date.now());
    const timer = setTimeout(() => void ask(null).catch((error: unknown) => setTrouble(troubleOf(error))), wait);
    return () => clearTimeout(timer);
  }, [joined, ask]);

  return {
    joined,
    trouble,
    busy,
    join: (name) => attempt(() => ask(name)),
    signIn: (login, password) =>
      attempt(async () => {
        const { token } = await unwrap(api(null).POST("/api/v1/sessions", { body: { login, password } }));
        saveSessionToken(token);
        await ask(null);
      }),
  };
}

function troubleOf(error: unknown): Trouble {
  return error instanceof ApiError ? { code: error.problem.code, words: error.problem.detail } : AWAY;
}
