"""A whole country of invented rows, to see the portal at full size: pages, plans, exports, the admin.

``country`` is one pure, seeded function: the same arguments give the same rows, down to their ids, with the history
they would have left. ``load`` puts them into the database. Every huvudman is marked as invented, in its name too;
unit codes begin with 99 and addresses end in ``skala.example``.
"""
