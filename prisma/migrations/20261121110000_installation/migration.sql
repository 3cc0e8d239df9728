-- One row that says which database this is: in a copy of it, such as a restored backup, it does not fit.
CREATE TABLE "Installation" (
    "id" INTEGER NOT NULL,
    "identity" TEXT NOT NULL,

    CONSTRAINT "Installation_pkey" PRIMARY KEY ("id")
);
