/** Shows the wall of an examination: the candidates as tiles, those that need attention first, and one of them beside it. */
import { useMediaQuery } from "@lectern/ui";
import { useCallback, useEffect, useRef, useState } from "react";
import { loadedLater } from "../components/loaded-later.tsx";
import { useTranslation } from "../texts/use-translation.ts";
import { KeysDialog } from "./wall/keys-dialog.tsx";
import { MessageDialog } from "./wall/message-dialog.tsx";
import { Pages } from "./wall/pages.tsx";
import { Tiles } from "./wall/tiles.tsx";
import { Toolbar } from "./wall/toolbar.tsx";
import { useWall } from "./wall/use-wall.ts";
import { useWallArea } from "./wall/use-wall-area.ts";
import { useWallKeys } from "./wall/use-wall-keys.ts";
import { WallStatus } from "./wall/wall-status.tsx";
import type { Writes } from "./wall/wall-types.ts";

// With the player, when the first candidate is opened.
const CandidatePanel = loadedLater(() => import("./candidate/candidate-panel.tsx").then((file) => file.CandidatePanel));

type Open = { readonly id: string; readonly writes: Writes };
/** To whom a message goes; null: the dialog is closed. */
type Recipients = { readonly to: "all" | "group" } | null;

/** Long because the bar, the tiles, the candidate and the keys share what is chosen. */
export function Wall({ examId }: { readonly examId: string }) {
  const { t } = useTranslation();
  const area = useWallArea();
  const wall = useWall(examId, area.layout.tiles);
  const [focused, setFocused] = useState(0);
  const [open, setOpen] = useState<Open | null>(null);
  const [recipients, setRecipients] = useState<Recipients>(null);
  const [areKeysShown, setAreKeysShown] = useState(false);
  const grid = useRef<HTMLUListElement>(null);
  const search = useRef<HTMLInputElement>(null);
  const isBeside = useMediaQuery("(min-width: 1000px)");
  const { data, items, view, setView } = wall;
  const at = Math.min(focused, Math.max(0, items.length - 1));
  const focus = useCallback((to: number): void => {
    setFocused(to);
    grid.current?.querySelectorAll<HTMLElement>(".tile")[to]?.focus();
  }, []);
  const turn = (step: 1 | -1): void => {
    const offset = view.offset + step * area.layout.tiles;
    if (offset < 0 || offset >= (data?.total ?? 0)) return;
    setFocused(step === 1 ? 0 : area.layout.tiles - 1);
    setView({ offset });
  };
  const shown = open === null ? null : open.id;
  const close = (): void => {
    setOpen(null);
    const place = items.findIndex(({ attemptId }) => attemptId === shown);
    focus(Math.max(0, place));
  };
  const write = (kind: "message" | "note"): void => {
    const id = shown ?? items[at]?.attemptId;
    if (id !== undefined) setOpen({ id, writes: { kind } });
  };
  useWallKeys(recipients === null && !areKeysShown, {
    m: () => write("message"),
    n: () => write("note"),
    "?": () => setAreKeysShown(true),
    "/": () => search.current?.focus(),
    escape: () => {
      if (open) close();
    },
  });
  useEffect(() => {
    if (data) document.title = `${data.title} · ${t("wall.name")}`;
  }, [data, t]);
  return (
    <main className={open && isBeside ? "wall with-panel" : "wall"}>
      <Toolbar
        wall={wall}
        search={search}
        size={area.size}
        onSize={area.setSize}
        onMessage={(to) => setRecipients({ to })}
        onKeys={() => setAreKeysShown(true)}
      />
      <div className="wall-body">
        <div className="wall-tiles" ref={area.place}>
          <WallStatus wall={wall} />
          <Tiles
            ref={grid}
            wall={wall}
            columns={area.layout.columns}
            at={at}
            openId={shown}
            onFocus={setFocused}
            onMove={focus}
            onTurn={turn}
            onOpen={(id) => setOpen({ id, writes: null })}
          />
          {data && data.total > items.length ? (
            <Pages offset={view.offset} shown={items.length} total={data.total} onTurn={turn} />
          ) : null}
        </div>
        {open ? (
          <CandidatePanel
            key={open.id}
            examId={examId}
            attemptId={open.id}
            writes={open.writes}
            groups={data?.groups ?? []}
            onClose={close}
          />
        ) : null}
      </div>
      {recipients === null || !data ? null : (
        <MessageDialog
          examId={examId}
          group={recipients.to === "group" ? (data.groups.find(({ id }) => id === view.groupId) ?? null) : null}
          onClose={() => setRecipients(null)}
        />
      )}
      {areKeysShown ? <KeysDialog onClose={() => setAreKeysShown(false)} /> : null}
    </main>
  );
}
