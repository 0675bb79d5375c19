"""Dev containers: what a checkout describes, brought up, worked in and taken down."""
