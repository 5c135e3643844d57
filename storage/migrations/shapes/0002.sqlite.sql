CREATE TABLE stat_refund (
	report_id INTEGER NOT NULL,
	approved_at INTEGER NOT NULL,
	yuan INTEGER NOT NULL,
	department TEXT NOT NULL,
	category TEXT NOT NULL,
	town TEXT NOT NULL,
	level TEXT NOT NULL,
	source TEXT NOT NULL,
	CONSTRAINT pk_stat_refund PRIMARY KEY (report_id)
)
 STRICT;

CREATE INDEX ix_stat_refund_approved ON stat_refund (approved_at);
