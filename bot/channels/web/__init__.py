"""The web channel: the parents' page and chat API, the workbench, the office's pages."""
