"""The auditor: asks source, target and ledger the same questions over routes of its own, and believes none of them."""
