/** Gives the site the default theme with the fonts of the reader's machine: nothing is fetched from other origins. */
import Theme from "vitepress/theme-without-fonts";
import "./theme.css";

export default Theme;
