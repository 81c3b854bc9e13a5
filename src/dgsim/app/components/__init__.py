"""What pages are put together from: Vue templates with their events, and what several pages share."""
