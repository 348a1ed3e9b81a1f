"""Tests of meetings and seminars."""
