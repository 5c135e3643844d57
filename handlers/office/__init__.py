"""The office's working pages: accounts and duty, the ledgers, the register of institutions."""
