# Small graphs whole, in one request, noted as brought.
$drops
INSERT DATA { $graphs }
