"""Card payments of customers in the United Arab Emirates, made up from a seed: no real person or card.

`payments(rows, seed)` draws raw payments; `encode` turns them into the model's features;
`fraud_log_odds` is the rule by which a payment is fraudulent, so that the best possible
score is known. src/fraud.ts holds the same encoding for callers, and a test compares the two.
"""

import numpy as np

CATEGORIES = ["groceries", "fuel", "travel", "electronics", "jewellery", "other"]

FEATURES = [
    "log_amount_aed",
    "log_amount_over_usual",
    "hour_sin",
    "hour_cos",
    "weekend",
    "log_distance_from_home_km",
    "log_seconds_since_last_payment",
    "payments_last_24h",
    "log_spent_last_24h_aed",
    "declines_last_24h",
    "log_card_age_days",
    "foreign_merchant",
    "card_present",
    "strongly_authenticated",
    "new_merchant",
    # "other" is the category with all five at 0.
    *(f"category_{name}" for name in CATEGORIES[:-1]),
]

# Typical amount in AED, and how often people pay for it.
CATEGORY_AMOUNT = np.array([120.0, 110.0, 1400.0, 700.0, 2200.0, 85.0])
CATEGORY_SHARE = np.array([0.30, 0.12, 0.06, 0.07, 0.02, 0.43])

# Hourly weights of the day in Gulf Standard Time: quiet from 01:00 to 06:00, busiest from 17:00 to 22:00.
HOUR_SHARE = np.array([2, 1, 1, 1, 1, 1, 2, 4, 5, 5, 5, 5, 6, 6, 5, 5, 6, 7, 8, 8, 8, 7, 5, 3], float)

# Faster than an airliner: the card cannot have travelled with its owner.
IMPOSSIBLE_SPEED_KMH = 900.0


def payments(rows: int, seed: int) -> dict[str, np.ndarray]:
    """Draws `rows` raw payments, each column an array. About one in fourteen is in an unusual regime."""
    random = np.random.default_rng(seed)
    unusual = random.random(rows) < 0.07
    category = np.where(
        unusual & (random.random(rows) < 0.6),
        random.choice(6, rows, p=[0.02, 0.02, 0.22, 0.34, 0.22, 0.18]),
        random.choice(6, rows, p=CATEGORY_SHARE),
    )
    usual = random.lognormal(np.log(130.0), 0.6, rows)
    spread = random.lognormal(0.0, 0.6, rows) * np.where(unusual, random.lognormal(0.9, 0.7, rows), 1.0)
    amount = np.clip(CATEGORY_AMOUNT[category] * spread * (usual / 130.0) ** 0.5, 1.0, 400_000.0)
    foreign = random.random(rows) < np.where(unusual, 0.5, 0.04)
    card_present = random.random(rows) < np.where(unusual, 0.35, 0.72)
    abroad = foreign & card_present
    distance = np.where(
        abroad, random.lognormal(np.log(3000.0), 0.6, rows), random.lognormal(np.log(8.0), 1.0, rows)
    )
    seconds = np.where(
        unusual & (random.random(rows) < 0.5),
        random.lognormal(np.log(240.0), 1.2, rows),
        random.lognormal(np.log(30_000.0), 1.3, rows),
    )
    count = random.poisson(np.where(unusual, 5.0, 1.6), rows)
    spent = count * usual * random.lognormal(0.0, 0.5, rows)
    return {
        "amount_aed": np.round(amount, 2),
        "usual_amount_aed": np.round(usual, 2),
        "hour": np.floor(
            random.choice(24, rows, p=HOUR_SHARE / HOUR_SHARE.sum()) * 60 + random.random(rows) * 60
        )
        / 60,
        "weekend": random.random(rows) < 2 / 7,
        "distance_from_home_km": np.round(np.clip(distance, 0.0, 20_000.0), 1),
        "seconds_since_last_payment": np.round(np.clip(seconds, 1.0, 2_592_000.0)),
        "payments_last_24h": count.astype(float),
        "spent_last_24h_aed": np.round(spent, 2),
        "declines_last_24h": random.poisson(np.where(unusual, 0.7, 0.05), rows).astype(float),
        "card_age_days": np.round(np.clip(random.lognormal(np.log(500.0), 0.9, rows), 1.0, 5_000.0)),
        "foreign_merchant": foreign,
        "card_present": card_present,
        "strongly_authenticated": random.random(rows) < np.where(card_present, 0.9, 0.6),
        "new_merchant": random.random(rows) < np.where(unusual, 0.7, 0.15),
        "category": category,
    }


def encode(p: dict[str, np.ndarray]) -> np.ndarray:
    """Features [rows, 20], FP32, in the order of FEATURES. Logarithms are log(1 + x)."""
    angle = 2 * np.pi * p["hour"] / 24
    columns = [
        np.log1p(p["amount_aed"]),
        np.log1p(p["amount_aed"] / p["usual_amount_aed"]),
        np.sin(angle),
        np.cos(angle),
        p["weekend"],
        np.log1p(p["distance_from_home_km"]),
        np.log1p(p["seconds_since_last_payment"]),
        p["payments_last_24h"],
        np.log1p(p["spent_last_24h_aed"]),
        p["declines_last_24h"],
        np.log1p(p["card_age_days"]),
        p["foreign_merchant"],
        p["card_present"],
        p["strongly_authenticated"],
        p["new_merchant"],
        *(p["category"] == index for index in range(5)),
    ]
    return np.stack(columns, axis=1).astype(np.float32)


def fraud_log_odds(p: dict[str, np.ndarray]) -> np.ndarray:
    """The rule: log-odds that a payment is fraudulent.

    A base of about one in 2,000; more for amounts far above the usual, for goods that are easily
    sold on, for bursts, declines, nights, young cards and new merchants; less for a card that is
    present and a holder who proved who they are. One interaction no linear model can see: a card
    present farther away than anyone could have travelled since its last payment.
    """
    ratio = p["amount_aed"] / p["usual_amount_aed"]
    sold_on = (p["category"] == CATEGORIES.index("electronics")) | (
        p["category"] == CATEGORIES.index("jewellery")
    )
    night = (p["hour"] >= 1) & (p["hour"] < 6)
    speed = p["distance_from_home_km"] / (p["seconds_since_last_payment"] / 3600)
    impossible = p["card_present"] & (speed > IMPOSSIBLE_SPEED_KMH) & (p["distance_from_home_km"] > 100)
    return (
        -7.6
        + 0.9 * np.log1p(ratio)
        + 1.3 * (sold_on & (ratio > 4))
        + 1.2 * (p["foreign_merchant"] & ~p["card_present"])
        + 1.4 * (p["seconds_since_last_payment"] < 180)
        + 0.15 * np.maximum(p["payments_last_24h"] - 3, 0)
        + 0.7 * np.minimum(p["declines_last_24h"], 4)
        + 0.9 * night
        + 0.7 * p["new_merchant"]
        + 0.8 * (p["card_age_days"] < 60)
        - 0.4 * p["card_present"]
        - 1.6 * p["strongly_authenticated"]
        + 4.0 * impossible
    )


def labels(p: dict[str, np.ndarray], seed: int) -> np.ndarray:
    """1 where a payment is fraudulent, drawn from the rule's probability."""
    chance = 1 / (1 + np.exp(-fraud_log_odds(p)))
    return (np.random.default_rng(seed).random(len(chance)) < chance).astype(np.int64)
