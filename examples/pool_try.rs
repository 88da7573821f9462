use pmap::prelude::*;
use std::time::{Duration, Instant};
fn main() {
    pmap::init();
    let pool = pmap::Pool::builder().workers(2).build().unwrap();
    let t = Instant::now();
    println!("{:?} {:?}", pool.submit(|n: u64| n * n, 12).result(), t.elapsed());
    for _ in 0..3 {
        let t = Instant::now();
        for i in 0..10000u64 {
            assert_eq!(pool.submit(|n: u64| n * n, i).result().unwrap(), i * i);
        }
        println!("round trip {:?}", t.elapsed() / 10000);
    }
    let t = Instant::now();
    let handles: Vec<_> = (0..100_000u64).map(|i| pool.submit(|n: u64| n * n, i)).collect();
    println!("submitted {:?}", t.elapsed());
    for (i, h) in handles.into_iter().enumerate() {
        assert_eq!(h.result().unwrap(), (i * i) as u64);
    }
    println!("100k {:?}", t.elapsed());
    let t = Instant::now();
    let v: Vec<u64> = pool.install(|| (0..10_000_000u64).into_proc_iter().map(|n| n * n).collect());
    println!("10^7 squares {:?} {}", t.elapsed(), v.len());
    assert!(v.iter().enumerate().all(|(i, n)| *n == (i * i) as u64));
    let t = Instant::now();
    let v: Vec<u64> = (0..10_000_000u64).into_proc_iter().map(|n| n * n).collect();
    println!("default pool 10^7 squares {:?} {}", t.elapsed(), v.len());
    let t = Instant::now();
    let s: u64 = (0..1_000_000_000u64).into_proc_iter().map(|n| n ^ (n >> 3)).sum();
    println!("10^9 sum {:?} {}", t.elapsed(), s);
    let t = Instant::now();
    let n = (0..10_000u64)
        .into_proc_iter()
        .map(|_| {
            let t = Instant::now();
            while t.elapsed() < Duration::from_micros(100) {}
            1u64
        })
        .sum::<u64>();
    println!("10^4 100us {:?} {}", t.elapsed(), n);
    for r in pool.map(
        |n: i64| match n {
            3 => std::process::abort(),
            5 => std::process::exit(0),
            7 => panic!("seven"),
            n => n * n,
        },
        0..10,
    ) {
        match r {
            Ok(v) => println!("{v}"),
            Err(e) => println!("{e}"),
        }
    }
    let h = pool.submit(|_: ()| std::thread::sleep(Duration::from_secs(100)), ());
    std::thread::sleep(Duration::from_millis(50));
    let t = Instant::now();
    h.cancel();
    println!("cancelled {:?} {:?}", h.result().unwrap_err(), t.elapsed());
    let t = Instant::now();
    pool.shutdown(pmap::pool::Shutdown::Wait);
    println!("shutdown {:?}", t.elapsed());
}
