/** Provides what the pages of the console need that are made with Mantine: its provider in the tokens of all pages, its styles, their texts. */
import "@mantine/core/styles.css";
import "./mantine.css";
import "./pages.css";
import {
  Alert,
  Badge,
  Button,
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  MantineProvider,
  MultiSelect,
  Select,
  TagsInput,
} from "@mantine/core";
import type { ReactNode } from "react";
import { addTranslations } from "../../i18n.ts";
import { CONSOLE_PAGE_MESSAGES } from "../messages/pages.ts";

addTranslations(CONSOLE_PAGE_MESSAGES);

/** Mantine wants ten shades of its primary colour; mantine.css gives what it makes of them the values of the tokens. */
const ACCENT: MantineColorsTuple = Object.freeze(Array.from({ length: 10 }, () => "#0b6b7f")) as unknown as MantineColorsTuple;

const theme = createTheme({
  primaryColor: "accent",
  colors: { accent: ACCENT },
  fontFamily: "var(--font)",
  fontFamilyMonospace: "var(--font-mono)",
  fontSizes: { xs: "var(--type-13)", sm: "var(--type-15)", md: "var(--type-15)", lg: "var(--type-17)", xl: "var(--type-22)" },
  radius: { xs: "4px", sm: "var(--radius)", md: "var(--radius)", lg: "var(--radius-large)", xl: "var(--radius-large)" },
  shadows: {
    xs: "var(--elevation-1)",
    sm: "var(--elevation-1)",
    md: "var(--elevation-2)",
    lg: "var(--elevation-2)",
    xl: "var(--elevation-3)",
  },
  headings: {
    fontFamily: "var(--font)",
    fontWeight: "650",
    sizes: { h1: { fontSize: "var(--type-22)" }, h2: { fontSize: "var(--type-17)" }, h3: { fontSize: "var(--type-15)" } },
  },
  variantColorResolver: (input) => {
    const made = defaultVariantColorsResolver(input);
    const ground = input.color === "red" ? "danger" : input.color === undefined || input.color === "accent" ? "accent" : null;
    if (input.variant !== "filled" || ground === null) return made;
    const hover = `color-mix(in srgb, var(--${ground}) 88%, var(--text))`;
    return { ...made, background: `var(--${ground})`, hover, color: `var(--on-${ground})` };
  },
  components: {
    Alert: Alert.extend({ defaultProps: { variant: "light" } }),
    Badge: Badge.extend({ defaultProps: { variant: "light", tt: "none" } }),
    // In a drawer, what is outside of it cannot be reached.
    Select: Select.extend({ defaultProps: { comboboxProps: { withinPortal: false } } }),
    MultiSelect: MultiSelect.extend({ defaultProps: { comboboxProps: { withinPortal: false } } }),
    TagsInput: TagsInput.extend({ defaultProps: { comboboxProps: { withinPortal: false } } }),
    Button: Button.extend({ defaultProps: { fw: 550 } }),
  },
});

// The Content-Security-Policy allows Mantine's generated styles only with the nonce of this answer.
const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";

export function MantineFrame({ children }: { readonly children: ReactNode }) {
  return (
    <MantineProvider defaultColorScheme="auto" theme={theme} getStyleNonce={() => nonce}>
      {children}
    </MantineProvider>
  );
}
