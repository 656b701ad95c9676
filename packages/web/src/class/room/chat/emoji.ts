/** Defines the emoji of the picker: those that people use in a class. Devices have keyboards for the others. */
export const EMOJI: readonly string[] =
  "😀 😄 😂 😊 😍 🤔 😮 😅 😢 😴 🙈 😎 👍 👎 👏 🙏 💪 🙋 👋 👌 ❤️ 🎉 🔥 ⭐ 💡 ✅ ❌ ❓ ❗ 💯 📚 ✏️ 📐 🔬 🌍 🎵 ☀️ 🌈 🐱 🐼 🌸 🍎".split(
    " ",
  );
