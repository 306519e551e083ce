//! Every endpoint, one per file. The path under `routes/` is that of the test under `tests/api/`.
//!
//! | file | endpoint |
//! | --- | --- |
//! | `index` | `GET /` |
//! | `openapi` | `GET /v1/openapi.json` |
//! | `health/{livez,readyz,metrics}` | `GET /livez`, `/readyz`, `/metrics` |
//! | `network/show` | `GET /v1/network` |
//! | `providers/{list,show}` | `GET /v1/providers`, `/v1/providers/{provider}` |
//! | `jobs/{list,show,leases,shards,why}` | `GET /v1/jobs`, `/v1/jobs/{job}` and below it |
//! | `jobs/place` | `POST /v1/jobs/{job}/place` |
//! | `leases/{list,show,usage,voucher}` | `GET /v1/leases`, `/v1/leases/{lease}` and below it |
//! | `disputes/{list,show}` | `GET /v1/disputes`, `/v1/disputes/{dispute}` |
//! | `epochs/{list,show}` | `GET /v1/epochs`, `/v1/epochs/{number}` |
//! | `reconciliation/list` | `GET /v1/reconciliation` |
//! | `audits/list` | `GET /v1/audits` |
//! | `events/{list,stream}` | `GET /v1/events`, `/v1/stream` |
//! | `decisions/{show,proof}` | `GET /v1/decisions/{id}` and its proof |
//! | `dispatch/{epochs,epoch}` | `GET /v1/dispatch/epochs`, `/v1/dispatch/epochs/{number}` |
//! | `blobs/{get,put}` | `GET` and `PUT /v1/blobs/{hash}` |
//! | `quotes/create` | `POST /v1/quotes` |
//! | `vouchers/create` | `POST /v1/vouchers` |
//! | `route/{sessions,create,hedge,done}` | `POST /v1/route` and below it |
//! | `node/{offers,heartbeat,work,results,usage}` | `POST /v1/node/…`, signed |

pub mod audits;
pub mod blobs;
pub mod decisions;
pub mod dispatch;
pub mod disputes;
pub mod epochs;
pub mod events;
pub mod health;
pub mod index;
pub mod jobs;
pub mod leases;
pub mod network;
pub mod node;
pub mod openapi;
pub mod providers;
pub mod quotes;
pub mod reconciliation;
pub mod route;
pub mod vouchers;
