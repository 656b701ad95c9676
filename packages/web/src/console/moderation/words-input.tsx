/** Shows the words of a word list in its form: they are loaded when the form opens. */
import { Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { api, unwrap } from "../../session/api.ts";
import { useTranslation } from "../../texts/use-translation.ts";

/** The value while the words are being loaded: the form leaves the words as they are. */
export const NOT_LOADED = "\0";
const MIN_ROWS = 8;
const MAX_ROWS = 20;

type WordsInputProps = { readonly listId: string; readonly value: string; readonly onChange: (value: string) => void };

export function WordsInput({ listId, value, onChange }: WordsInputProps) {
  const { t } = useTranslation();
  const isLoading = value === NOT_LOADED;
  const list = useQuery({
    queryKey: ["word list", listId],
    queryFn: () => unwrap(api().GET("/api/v1/word-lists/{wordListId}", { params: { path: { wordListId: listId } } })),
    // What the person has typed must stay, and another form begins with what is stored then.
    enabled: isLoading,
    gcTime: 0,
    staleTime: 0,
  });
  const words = list.data?.words;
  useEffect(() => {
    if (isLoading && words !== undefined) onChange(words);
  });
  return (
    <Textarea
      label={t("moderation.words")}
      description={t("moderation.wordsHint")}
      error={list.error ? t("moderation.notLoaded") : undefined}
      placeholder={isLoading ? t("moderation.loading") : ""}
      value={isLoading ? "" : value}
      disabled={isLoading}
      autosize
      minRows={MIN_ROWS}
      maxRows={MAX_ROWS}
      spellCheck={false}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
