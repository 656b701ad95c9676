/** Shows the bar above the wall: the examination, how many sit and need attention, search, groups, what the tiles show, and a message to all. */
import { Button, Icon } from "@lectern/ui";
import { MAIL_ICON, QUESTION_ICON, SEARCH_ICON } from "@lectern/ui/icons";
import { type RefObject, useEffect, useState } from "react";
import { Wordmark } from "../../brand/wordmark.tsx";
import { LanguageButton } from "../../components/language-button.tsx";
import { after } from "../../schedule/after.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { Choice } from "./choice.tsx";
import type { WallData } from "./use-wall.ts";
import { TILE_SIZES, type TileSize } from "./wall-layout.ts";
import { STATES, STREAM_KINDS, type Wall } from "./wall-types.ts";

const TYPED_MS = 300;
const FILTERS = [...STATES, "attention"] as const;

type ToolbarProps = {
  readonly wall: WallData;
  readonly search: RefObject<HTMLInputElement | null>;
  readonly size: TileSize;
  readonly onSize: (size: TileSize) => void;
  readonly onMessage: (to: "all" | "group") => void;
  readonly onKeys: () => void;
};

export function Toolbar({ wall, search, size, onSize, onMessage, onKeys }: ToolbarProps) {
  const { t } = useTranslation();
  const { data, view, setView } = wall;
  return (
    <header className="wall-bar">
      <div className="wall-head">
        <Wordmark />
        <h1 dir="auto">{data?.title ?? t("wall.name")}</h1>
        {data ? <Counts counts={data.counts} /> : null}
        <LanguageButton />
      </div>
      <div className="wall-tools">
        <Search search={search} value={view.q} onChange={(q) => setView({ q })} />
        {data && data.groups.length > 0 ? (
          <Choice
            label={t("wall.group")}
            value={view.groupId ?? ""}
            options={[
              { value: "", label: t("wall.allGroups") },
              ...data.groups.map(({ id, name, candidates, attention }) => ({
                value: id,
                label: attention > 0 ? `${name} (${candidates}, ! ${attention})` : `${name} (${candidates})`,
              })),
            ]}
            onChange={(value) => setView({ groupId: value || null })}
          />
        ) : null}
        <Choice
          label={t("wall.state")}
          value={view.state ?? ""}
          options={[
            { value: "", label: t("wall.allStates") },
            { value: "attention", label: t("wall.needsAttention") },
            ...STATES.map((value) => ({ value, label: t(`wall.states.${value}`) })),
          ]}
          onChange={(value) => setView({ state: FILTERS.find((one) => one === value) ?? null })}
        />
        <Choice
          label={t("wall.shows")}
          value={wall.kind}
          options={wall.kinds.map((value) => ({ value, label: t(`wall.kinds.${value}`) }))}
          onChange={(value) => setView({ kind: STREAM_KINDS.find((one) => one === value) ?? "camera", offset: view.offset })}
        />
        <Choice
          label={t("wall.size")}
          className="of-size"
          value={size}
          options={TILE_SIZES.map((value) => ({ value, label: t(`wall.sizes.${value}`) }))}
          onChange={(value) => onSize(TILE_SIZES.find((one) => one === value) ?? "middle")}
        />
        <span className="wall-acts">
          <Button icon={MAIL_ICON} onClick={() => onMessage(view.groupId === null ? "all" : "group")}>
            {t(view.groupId === null ? "wall.messageAll" : "wall.messageGroup")}
          </Button>
          <Button kind="quiet" icon={QUESTION_ICON} aria-label={t("wall.keys")} onClick={onKeys} />
        </span>
      </div>
    </header>
  );
}

function Counts({ counts }: { readonly counts: Wall["counts"] }) {
  const { t } = useTranslation();
  return (
    <ul className="wall-counts">
      <li data-kind={counts.attention > 0 ? "attention" : "well"}>
        {counts.attention > 0 ? t("wall.counts.attention", { count: counts.attention }) : t("wall.counts.well")}
      </li>
      <li>{t("wall.counts.sitting", { count: counts.sitting })}</li>
      <li>{t("wall.counts.waiting", { count: counts.waiting })}</li>
      {counts.paused > 0 ? <li>{t("wall.counts.paused", { count: counts.paused })}</li> : null}
      <li>{t("wall.counts.handedIn", { count: counts.handedIn })}</li>
    </ul>
  );
}

type SearchProps = {
  readonly search: RefObject<HTMLInputElement | null>;
  readonly value: string;
  readonly onChange: (value: string) => void;
};

function Search({ search, value, onChange }: SearchProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(value);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was typed last counts
  useEffect(() => (typed.trim() === value ? undefined : after(TYPED_MS, () => onChange(typed.trim()))), [typed]);
  return (
    <label className="wall-search">
      <Icon drawing={SEARCH_ICON} />
      <span className="unseen">{t("wall.search")}</span>
      <input
        ref={search}
        type="search"
        placeholder={t("wall.search")}
        value={typed}
        maxLength={100}
        onChange={(event) => setTyped(event.target.value)}
      />
    </label>
  );
}
