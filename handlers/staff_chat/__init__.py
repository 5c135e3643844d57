"""Officers and the office inside a chat: the same desk as the pages, in cards, buttons and short questions."""
