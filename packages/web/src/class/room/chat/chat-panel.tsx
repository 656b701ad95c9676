/** Shows the chat: what the teacher has pinned, the lines, and where a person writes. */

import { MAX_HELD_OF_KIND, pinOf, settingsOf } from "@lectern/room";
import { Icon } from "@lectern/ui";
import { PIN_ICON } from "@lectern/ui/icons";
import { useCallback, useMemo, useState } from "react";
import { isObserver } from "../../../room/roles.ts";
import type { Room } from "../../../room/use-room.ts";
import { useTranslation } from "../../../texts/use-translation.ts";
import { useSend } from "../../parts/use-send.ts";
import "./chat.css";
import { ChatForm } from "./chat-form.tsx";
import { type ChatLine, ChatLines, sendingLines } from "./chat-lines.ts";
import { ChatList } from "./chat-list.tsx";
import { useOlder } from "./use-older.ts";
import { usePendingReview } from "./use-pending-review.ts";

export function ChatPanel({ room, lessonId }: { room: Room; lessonId: string }) {
  const { t } = useTranslation();
  const sending = useSend(room);
  const waiting = usePendingReview(room);
  const [replyTo, setReplyTo] = useState<ChatLine | null>(null);
  const older = useOlder(lessonId);
  const settings = settingsOf(room.one("settings")?.body);
  const held = room.held("chat");
  const ownId = room.you?.id ?? null;
  const [cache] = useState(() => new ChatLines());
  const stored = useMemo(() => cache.lines(held, older.entries, ownId), [cache, held, older.entries, ownId]);
  const onTheirWay = useMemo(() => sendingLines(room.pending, held, room.you?.name ?? ""), [room.pending, held, room.you]);
  const lines = useMemo(() => (onTheirWay.length === 0 ? stored : [...stored, ...onTheirWay]), [stored, onTheirWay]);
  const canWrite = !isObserver(room);
  const isMuted = ownId !== null && room.one(`mute/${ownId}`) !== null;
  const reply = useCallback((line: ChatLine) => setReplyTo(line), []);
  const loadOlder = () => void older.load(Math.min(...[...held, ...older.entries].map(({ seq }) => seq)));
  return (
    <div className="chat">
      <PinnedLine room={room} />
      <ChatList
        lines={lines}
        onReply={isMuted || !canWrite || settings.chat === "off" ? null : reply}
        before={
          // Where there are fewer lines than a room holds, there are no older ones.
          older.canLoad && held.length >= MAX_HELD_OF_KIND ? (
            <button type="button" className="older" onClick={loadOlder} disabled={older.isLoading}>
              {t("older")}
            </button>
          ) : null
        }
      />
      {canWrite ? <ChatForm {...{ settings, isMuted, replyTo, sending, waiting }} onReplyEnd={() => setReplyTo(null)} /> : null}
    </div>
  );
}

function PinnedLine({ room }: { room: Room }) {
  const { t } = useTranslation();
  const pin = pinOf(room.one("pin"));
  if (!pin) return null;
  return (
    <p className="pinned">
      <Icon drawing={PIN_ICON} />
      <span>
        <strong>{t("pinned")}</strong> <span dir="auto">{pin.text}</span>
      </span>
    </p>
  );
}
