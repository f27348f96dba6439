"""Days of use in an hour: people come and go before the whole kiosk while things go wrong."""
